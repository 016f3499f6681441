//! 302 deadlines: lines come back, and a connection that has not completed a line for IDLE_MS is closed.
//! Bytes without a newline buy no time, and no client's silence is another's affair.
//!
//! What is too early or too late is for the harness to judge, which knows how exactly it can tell.
//! Where it cannot, a check measures again: that is what [`Run::clearly`] does.

#![forbid(unsafe_code)]

mod client;
mod hints;
mod notes;

use std::time::Duration;

use harness::run::Server;
use harness::{ADDRESS, Check, Clarity, Lesson, Role, Run, Verdict};

use crate::client::Client;

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 302,
    slug: "deadlines",
    title: "Wait, but not for ever",
    role: Role::Server,
    verbs: &["accept", "recv", "send", "close"],
    checks: &[
        Check::new(
            "closes-an-idle-client",
            3,
            "a client that says two lines and no more",
            closes_an_idle_client,
        )
        .section("A recv that gives up"),
        Check::new(
            "silent-from-the-start",
            2,
            "a client that never says anything",
            silent_from_the_start,
        )
        .section("The protocol"),
        Check::new(
            "keeps-a-slow-but-live-one",
            3,
            "a client that says a line every IDLE_MS/2",
            keeps_a_slow_but_live_one,
        )
        .section("The protocol"),
        Check::new(
            "trickle-buys-no-time",
            3,
            "a client that sends byte after byte, and never a newline",
            trickle_buys_no_time,
        )
        .section("A timeout is not a deadline"),
        Check::new(
            "others-unaffected",
            3,
            "four clients that fall silent, and one that does not",
            others_unaffected,
        )
        .section("A deadline for each"),
        Check::new(
            "orderly-end",
            2,
            "the end is a FIN, also after half a line",
            orderly_end,
        )
        .section("How to close"),
        Check::new(
            "survives-a-reset",
            2,
            "clients that reset their connections or leave without a word",
            survives_a_reset,
        )
        .section("How to close"),
    ],
    notes: &[notes::rule],
    hints: hints::HINTS,
};

/// For how long a client may be idle: long enough to be told from the harness's own delays, short
/// enough that nobody has to wait long for a report. After each attempt that was unclear, half as long
/// again: a busy machine needs more time.
fn some_idle(run: &mut Run, attempt: usize) -> Duration {
    let idle = Duration::from_millis(run.random().number(390..=410));
    (0..attempt.min(MOST_LONGER)).fold(idle, |idle, _| idle * 3 / 2)
}

/// How often the time is made longer at the most: then it is five seconds.
const MOST_LONGER: usize = 6;

/// Another time, so that a program with a time of its own cannot be right both times.
fn a_longer_idle(run: &mut Run, attempt: usize) -> Duration {
    some_idle(run, attempt) * 7 / 4
}

/// Starts the program with this time.
fn start(run: &mut Run, idle: Duration) -> Verdict<Server> {
    run.start_server_with(&[ADDRESS, &idle.as_millis().to_string()])
}

/// The smallest deadline: it runs from the last line. A server without one waits for ever, and one that
/// has its deadline only until the first line, or counts in other units, is found here, too. The first
/// lines come in one segment: a server that looks for one newline after each recv leaves the others to
/// the next.
fn closes_an_idle_client(run: &mut Run) -> Verdict {
    run.clearly(|run, attempt| {
        let idle = a_longer_idle(run, attempt);
        let server = start(run, idle)?;
        let mut alice = Client::connect(&server, "alice", idle)?;
        let [one, another, last] = [0, 1, 2].map(|_| run.random().word());
        let first = alice.says(&format!("{one}\n{another}"))?;
        let second = alice.says(&last)?;
        Ok(first.and(second).and(alice.is_closed_in_time()?))
    })
}

/// The time runs from connect: a server that begins to count with the first byte waits for ever for a
/// client that has none to send.
fn silent_from_the_start(run: &mut Run) -> Verdict {
    run.clearly(|run, attempt| {
        let idle = some_idle(run, attempt);
        let server = start(run, idle)?;
        Client::connect(&server, "silent", idle)?.is_closed_in_time()
    })
}

/// Each line buys the same time again. A server that counts from accept, or whose first timer still
/// runs, cuts off a client that has always been in time. Who is slow sends a line in pieces: a server
/// that throws half a line away when it has to wait again loses what it was waiting for. Once the first
/// piece ends an empty line, too, which is a line like any other.
fn keeps_a_slow_but_live_one(run: &mut Run) -> Verdict {
    const LINES: usize = 5;
    run.clearly(|run, attempt| {
        let idle = some_idle(run, attempt);
        let server = start(run, idle)?;
        let mut alice = Client::connect(&server, "alice", idle)?;
        // A beat of its own, so that no line is sent when a wrong deadline, counted from the connection
        // or from an earlier line, is just over.
        alice.pauses(idle / 4);
        let mut clarity = Clarity::Clear;
        for (number, word) in run.random().words(LINES).into_iter().enumerate() {
            let empty_line = if number == 1 { "\n" } else { "" };
            let (first, rest) = word.split_at(word.len() / 2);
            let first = format!("{empty_line}{first}");
            clarity = clarity.and(alice.says_in_pieces(&first, rest)?);
            alice.pauses(almost_half(idle));
        }
        Ok(clarity.and(alice.is_open()?))
    })
}

/// A little less than half of it.
fn almost_half(idle: Duration) -> Duration {
    idle * 9 / 20
}

/// A byte is not a line. A timeout that every recv begins anew never comes to its end here: that is how
/// a few slow clients occupy a server for as long as they like. Mallory never completes a line; trudy has
/// said one before: whom a server knows already it may not trust more.
fn trickle_buys_no_time(run: &mut Run) -> Verdict {
    run.clearly(|run, attempt| {
        let idle = some_idle(run, attempt);
        let server = start(run, idle)?;
        let mut mallory = Client::connect(&server, "mallory", idle)?;
        let clarity = mallory.trickles_until_closed()?;
        let mut trudy = Client::connect(&server, "trudy", idle)?;
        let clarity = clarity.and(trudy.says(&run.random().word())?);
        Ok(clarity.and(trudy.trickles_until_closed()?))
    })
}

/// Four clients stall in the middle of their first line, and a fifth goes on. Each has a time of its own:
/// a server that waits for one client at a time closes the fourth after four times IDLE_MS, and one with
/// a single timer for all closes none of them while another speaks.
fn others_unaffected(run: &mut Run) -> Verdict {
    const LINES: usize = 5;
    run.clearly(|run, attempt| {
        let idle = some_idle(run, attempt);
        let server = start(run, idle)?;
        let mut erin = Client::connect(&server, "erin", idle)?;
        let mut clarity = erin.says(&run.random().word())?;
        // So that none of their deadlines is near one of hers.
        erin.pauses(idle / 4);
        let mut stalled = Vec::new();
        for name in ["alice", "bob", "carol", "dave"] {
            stalled.push(Client::connect(&server, name, idle)?);
        }
        for client in &mut stalled {
            client.peer.send(b"half a li")?;
        }
        erin.pauses(idle / 4);
        for word in run.random().words(LINES) {
            clarity = clarity.and(erin.says(&word)?);
            erin.pauses(almost_half(idle));
        }
        // Who came last has waited longest for a server that has time for one only.
        for client in stalled.iter_mut().rev() {
            clarity = clarity.and(client.is_closed_in_time()?);
        }
        Ok(clarity.and(erin.is_open()?))
    })
}

/// The end is an end like any other. The client has sent half a line and nothing since, so there is
/// nothing unread that would make the kernel reset the connection.
fn orderly_end(run: &mut Run) -> Verdict {
    let idle = some_idle(run, 0);
    let server = start(run, idle)?;
    let mut alice = Client::connect(&server, "alice", idle)?;
    alice.peer.send(b"half a li")?;
    // When it comes is for the others to judge clearly.
    let (Clarity::Clear | Clarity::Unclear) = alice.is_closed_in_time()?;
    alice.peer.expect_end()
}

/// A client that crashes takes only itself along, in the middle of a line or before it was accepted; not
/// the server, and not those who are there already.
fn survives_a_reset(run: &mut Run) -> Verdict {
    // Nobody is idle here.
    let idle = Duration::from_secs(60);
    let server = start(run, idle)?;
    let mut alice = Client::connect(&server, "alice", idle)?;
    alice.echoes(&run.random().word())?;
    let with_alice = server.program.resources().map_or(0, |r| r.descriptors);
    let all_gone = || server.program.wait_for_descriptors(with_alice);

    let mut mallory = server.connect("mallory")?;
    mallory.send_in_pieces(&[b"half a "])?;
    mallory.reset()?;
    all_gone();
    server.vanishing("mallory")?;
    all_gone();
    server.connect("silent")?.close();
    all_gone();

    alice.echoes(&run.random().word())?;
    Client::connect(&server, "bob", idle)?.echoes(&run.random().word())
}
