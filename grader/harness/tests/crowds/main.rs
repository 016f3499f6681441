//! Many peers at once, peers that do not read or send slowly, and what a program uses of the machine:
//! against servers in Python that do it right, and such that do not.

#![forbid(unsafe_code)]

mod servers;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use harness::failure::{Actual, DecidedBy, Expected, Failure};
use harness::outcome::Outcome;
use harness::{Check, Lesson, Role, Run, Settings, Target, Verdict, suite};
use libtest_mimic::{Arguments, Failed, Trial};

type Conversation = fn(&mut Run) -> Verdict;
type Expectation = fn(&Failure) -> bool;

fn main() -> ExitCode {
    harness::arena::prepare();
    let arguments = Arguments::from_args();
    let passing: &[(&str, &str, Conversation)] = &[
        ("a crowd is served", servers::THREADS, crowd_is_served),
        (
            "a reader that waits misses nothing",
            servers::SENDS_MUCH,
            late_reader,
        ),
        ("what finds no room is known", servers::NEVER_READS, pours),
        ("slow pieces arrive", servers::CLOSES_AT_THREE, trickles),
        ("threads that end are gone", servers::THREADS, threads_end),
        ("processes count as threads do", servers::FORKS, threads_end),
        ("who waits is idle", servers::THREADS, is_idle),
        ("who looks twice a second is idle", servers::TICKS, is_idle),
    ];
    let failing: &[(&str, &str, Conversation, Expectation)] = &[
        (
            "a queue that nobody empties",
            servers::ONE,
            crowd_is_served,
            |failure| {
                failure.peer.as_deref() == Some("client 2")
                    && failure.expected == Expected::Acceptance
                    && failure.decided_by == DecidedBy::Stall
            },
        ),
        (
            "one of a crowd is left out",
            servers::IGNORES_THE_FORTIETH,
            crowd_is_served,
            |failure| {
                failure.peer.as_deref() == Some("client 40")
                    && failure.decided_by == DecidedBy::Stall
            },
        ),
        (
            "threads that stay are counted",
            servers::LEAKS_THREADS,
            threads_end,
            |failure| {
                failure.expected == Expected::Threads { most: 11 }
                    && failure.actual == Actual::Threads { alive: 21 }
            },
        ),
        (
            "a busy loop is not idle",
            servers::SPINS,
            is_idle,
            |failure| matches!(failure.actual, Actual::Busy { percent } if percent >= 20),
        ),
    ];
    let mut trials = Vec::new();
    for &(name, script, conversation) in passing {
        trials.push(Trial::test(name, move || passes(script, conversation)));
    }
    for &(name, script, conversation, expected) in failing {
        trials.push(Trial::test(name, move || {
            fails(script, conversation, expected)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn passes(script: &str, conversation: Conversation) -> Result<(), Failed> {
    match outcome(script, conversation) {
        Outcome::Passed => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn fails(script: &str, conversation: Conversation, expected: Expectation) -> Result<(), Failed> {
    match outcome(script, conversation) {
        Outcome::Failed(report) if expected(&report.failure) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn outcome(script: &str, conversation: Conversation) -> Outcome {
    let words = ["python3", "-c", script, "{ip}", "{port}"].map(Into::into);
    // A lesson lives as long as the program does.
    let check: &'static Check = Box::leak(Box::new(Check::new("check", 1, "it", conversation)));
    let lesson = Lesson {
        number: 999,
        slug: "crowds",
        title: "Crowds",
        role: Role::Server,
        verbs: &[],
        checks: std::slice::from_ref(check),
        notes: &[],
        hints: &[],
    };
    let target = Target::command(words.to_vec());
    suite::run_check(&lesson, check, &target, &Settings::measured()).outcome
}

fn crowd_is_served(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut crowd = server.crowd(300)?;
    let answer = |client: &harness::TcpPeer| format!("{}\n", client.name()).into_bytes();
    crowd.send_each(answer)?;
    crowd.expect_each(answer)?;
    crowd.shuffle(run.random());
    crowd.send_each(answer)?;
    crowd.expect_each(answer)?;
    crowd.finish_sending()?;
    crowd.expect_end()?;
    crowd.close();
    Ok(())
}

fn late_reader(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut alice = server.connect_without_reading("alice")?;
    server.settle();
    // Another is served meanwhile.
    server.connect("bob")?.receive(1, "a byte")?;
    alice.read_again();
    alice.receive(servers::MUCH, "all of it")?;
    alice.expect_end()
}

fn pours(run: &mut Run) -> Verdict {
    const TOTAL: usize = 256 << 20;
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let taken = alice.pour(&vec![b'x'; 1 << 20], TOTAL);
    if taken == 0 || taken > TOTAL / 2 {
        return Err(alice.fails("the buffers on the way to be filled", &taken.to_string()));
    }
    Ok(())
}

fn trickles(run: &mut Run) -> Verdict {
    const PAUSE: Duration = Duration::from_millis(20);
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let start = Instant::now();
    let sent = alice.trickle(&[b"a", b"b", b"c", b"d"], PAUSE);
    if sent != 3 || start.elapsed() < 2 * PAUSE {
        return Err(alice.fails("three pieces, slowly", &sent.to_string()));
    }
    alice.expect_end_or_reset()
}

fn threads_end(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut ten_clients = |run: &mut Run| {
        let mut crowd = server.crowd(10)?;
        let words = |_: &harness::TcpPeer| b"word\n".to_vec();
        crowd.shuffle(run.random());
        crowd.send_each(words)?;
        crowd.expect_each(words)?;
        crowd.close();
        server.program.threads_at_rest()
    };
    let most = ten_clients(run)?;
    ten_clients(run)?;
    server.program.expect_threads(most)
}

fn is_idle(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let _crowd = server.crowd(20)?;
    server.program.expect_idle(5)
}
