//! Which check each wrong program fails, and by which rule that is explained.

use harness::{Check, Lesson, Role, Run, Verdict};

/// A wrong program and what is said of it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) program: &'static str,
    pub(crate) check: &'static str,
    pub(crate) rule: &'static str,
    /// What deadlines are multiplied with. Large, since none may decide; small where one has to.
    pub(crate) patience: f64,
}

const fn told(program: &'static str, check: &'static str, rule: &'static str) -> Told {
    Told {
        program,
        check,
        rule,
        patience: 4.0,
    }
}

pub(crate) const TOLD: &[Told] = &[
    told("never-listens", "echoes", "never-called-listen"),
    told("listens-elsewhere", "echoes", "listens-elsewhere"),
    told("waits-before-accept", "echoes", "never-accepts"),
    told(
        "accepts-and-never-receives",
        "echoes",
        "accepted-but-never-received",
    ),
    told("receives-once", "echoes", "received-once"),
    told("busy-with-the-first", "serves-two", "busy-with-another"),
    told("waits-for-a-newline", "echoes", "waits-for-more"),
    told("waits-for-the-end", "echoes", "waits-for-more"),
    told("waits-for-a-full-buffer", "echoes", "waits-for-more"),
    told("sends-without-end", "takes", "both-are-sending"),
    told("answers-without-end", "says-no-more", "speaks-unasked"),
    told("answers-other-bytes", "echoes", "other-case"),
    told("answers-too-much", "echoes", "adds-a-newline"),
    told("answers-too-little", "echoes", "answered-too-little"),
    told("leaves-bytes-out", "echoes-much", "leaves-bytes-out"),
    told("answers-twice", "echoes", "answers-twice"),
    Told {
        program: "loops-for-ever",
        check: "echoes",
        rule: "busy-loop",
        patience: 0.2,
    },
    told("locks-twice", "echoes", "deadlock-with-itself"),
    told("waits-for-its-own-thread", "ends", "deadlock"),
    told("closes-early", "echoes", "closed-too-early"),
    told("never-closes", "ends", "never-closes"),
    told("closes-with-bytes-unread", "hangs-up", "reset"),
    told("keeps-descriptors", "leaks-nothing", "leaks-descriptors"),
    told("exits", "echoes", "ended-with-an-error"),
    told("panics", "echoes", "panicked"),
    told("meets-a-todo-in-a-thread", "echoes", "todo"),
    told("aborts", "echoes", "killed"),
    told("dies-of-a-broken-pipe", "survives", "killed"),
    told("cuts-datagrams", "echoes-datagrams", "truncated"),
    told(
        "answers-from-another-port",
        "echoes-datagrams",
        "answers-from-elsewhere",
    ),
];

pub(crate) const LESSON: Lesson = Lesson {
    number: 200,
    slug: "wrong",
    title: "Be wrong in one way",
    role: Role::Server,
    verbs: &[],
    checks: &[
        Check::new("echoes", 1, "each message comes back", echoes),
        Check::new("echoes-much", 1, "a long message comes back", echoes_much),
        Check::new("says-no-more", 1, "it speaks when spoken to", says_no_more),
        Check::new("serves-two", 1, "two clients at a time", serves_two),
        Check::new("takes", 1, "all that is sent is taken", takes),
        Check::new("ends", 1, "the end is answered by the end", ends),
        Check::new("hangs-up", 1, "a message is answered by the end", hangs_up),
        Check::new("survives", 1, "a client that is gone", survives),
        Check::new("leaks-nothing", 1, "as many descriptors", leaks_nothing),
        Check::new(
            "echoes-datagrams",
            1,
            "each datagram comes back",
            echoes_datagrams,
        ),
    ],
    notes: &[],
    hints: &[],
};

fn echoes(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    for message in ["one", "two"] {
        alice.send(message.as_bytes())?;
        alice.expect(message.as_bytes())?;
        alice.expect_silence()?;
    }
    Ok(())
}

fn echoes_much(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let message = run.random().letters(1000);
    alice.send(&message)?;
    alice.expect(&message)
}

fn says_no_more(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    // A peer that takes all that comes never sees this program at rest.
    server.settle();
    alice.expect_silence()
}

fn serves_two(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    alice.send(b"one")?;
    alice.expect(b"one")?;
    let mut bob = server.connect("bob")?;
    bob.send(b"two")?;
    bob.expect(b"two")
}

fn takes(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    alice.stop_reading();
    alice.send(&vec![b'a'; 64 << 20])
}

fn ends(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    alice.send(b"one")?;
    alice.expect(b"one")?;
    alice.finish_sending()?;
    alice.expect_end()
}

fn hangs_up(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    alice.send(b"one")?;
    alice.expect_end()
}

fn survives(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    alice.send(b"one")?;
    alice.close();
    server.settle();
    let mut bob = server.connect("bob")?;
    bob.send(b"two")?;
    bob.expect(b"two")
}

fn leaks_nothing(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    server.connect("client")?.leave();
    let before = server.program.descriptors_at_rest()?;
    for _ in 0..10 {
        server.connect("client")?.leave();
    }
    server.program.expect_descriptors(before)
}

fn echoes_datagrams(run: &mut Run) -> Verdict {
    let server = run.start_udp_server()?;
    let mut alice = server.datagrams("alice")?;
    let message = [b'm'; 1024];
    alice.send(&message)?;
    alice.expect_from(server.address, &message)
}
