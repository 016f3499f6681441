//! 301 threads: each line is answered with the number of lines that its connection has sent so far, a
//! space, and the line; to any number of clients at a time.

#![forbid(unsafe_code)]

mod client;
mod hints;
mod notes;

use harness::run::Server;
use harness::{Check, Lesson, Needs, Role, Run, TcpPeer, Verdict};

use crate::client::{Client, answer};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 301,
    slug: "threads",
    title: "A thread for each client",
    role: Role::Server,
    verbs: &["accept", "recv", "send"],
    checks: &[
        Check::new(
            "counts",
            2,
            "lines of all kinds, answered with their numbers",
            counts,
        )
        .section("A line is bytes up to a newline"),
        Check::new(
            "counts-per-connection",
            2,
            "the next client begins at 1 again",
            counts_per_connection,
        )
        .section("What each thread has for itself"),
        Check::new(
            "interleaved",
            3,
            "three clients that speak by turns",
            interleaved,
        )
        .section("A thread for each client"),
        Check::new(
            "last-come-first-served",
            3,
            "who connected last speaks first",
            last_come_first_served,
        )
        .section("A thread for each client"),
        Check::new(
            "a-stalled-client-stalls-nobody",
            3,
            "a client that sends half a line and falls silent",
            a_stalled_client_stalls_nobody,
        )
        .section("Who waits for whom"),
        Check::new(
            "two-hundred-at-once",
            3,
            "two hundred clients, all connected",
            two_hundred_at_once,
        )
        .section("What a thread costs"),
        Check::new(
            "threads-end",
            3,
            "the threads of forty clients that have left",
            threads_end,
        )
        .needs(Needs::Linux)
        .section("A thread ends with its client"),
        Check::new(
            "survives-a-reset",
            3,
            "clients that reset their connections or leave without a word",
            survives_a_reset,
        )
        .section("When one of them crashes"),
    ],
    notes: &[notes::rule],
    hints: hints::HINTS,
};

/// The smallest conversation first, then what a line may be: of no bytes, of any bytes, of 64 KiB, cut
/// into pieces or together with others. A server that takes lines for text, or what one recv brings
/// for a line, ends here.
fn counts(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = Client::connect(&server, "alice")?;
    for word in run.random().words(11) {
        alice.says(word.as_bytes())?;
    }
    alice.says_what_is(notes::EMPTY, b"")?;
    alice.says_what_is(notes::CR_LF, b"carriage return\r")?;
    alice.says_what_is(notes::WHITE_SPACE, b" \t two words \t ")?;
    alice.says_what_is(notes::NO_TEXT, b"\xff\xfe caf\xe9 \0 \x80")?;
    cut_into_pieces(run, &mut alice)?;
    together(run, &mut alice)?;
    let long = run.random().letters(65_535);
    alice.says_what_is(notes::LONG, &long)?;
    an_unfinished_line(alice)
}

/// A byte a segment: what one recv brings is not a line.
fn cut_into_pieces(run: &mut Run, alice: &mut Client) -> Verdict {
    let word = run.random().word();
    let line = format!("{word}\n");
    let pieces: Vec<&[u8]> = line.as_bytes().chunks(1).collect();
    alice.peer.send_in_pieces(&pieces)?;
    let which = format!("the answer to {}", notes::A_BYTE_A_SEGMENT);
    alice
        .expects(word.as_bytes())
        .map_err(|stopped| stopped.about(&which))
}

/// Three hundred lines in one segment: nor is it one line.
fn together(run: &mut Run, alice: &mut Client) -> Verdict {
    let words = run.random().words(300);
    let lines: Vec<u8> = words
        .iter()
        .flat_map(|w| format!("{w}\n").into_bytes())
        .collect();
    alice.peer.send(&lines)?;
    for (index, word) in words.iter().enumerate() {
        let which = format!("the answer to line {} of {}", index + 1, notes::TOGETHER);
        alice
            .expects(word.as_bytes())
            .map_err(|stopped| stopped.about(&which))?;
    }
    Ok(())
}

/// What has no newline when the input ends is no line.
fn an_unfinished_line(mut alice: Client) -> Verdict {
    alice.peer.send(b"unfini")?;
    alice.peer.finish_sending()?;
    alice
        .peer
        .expect_nothing_more()
        .map_err(|stopped| stopped.about(notes::AFTER_HALF_A_LINE))
}

/// The number is the connection's. A server that counts in a place that outlives the connection, be it
/// one for all, one for each address or one for each descriptor, goes on where the last one ended.
fn counts_per_connection(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    for name in ["alice", "bob", "carol"] {
        let mut client = Client::connect(&server, name)?;
        for word in run.random().words(3) {
            client.says(word.as_bytes())?;
        }
        client.peer.close();
        server.settle();
    }
    Ok(())
}

/// Clients that speak by turns, while others come and go. Where `last-come-first-served` asks who has to
/// wait, this asks what belongs to whom: numbers and answers. It is also the gentlest of those that a
/// server for one client at a time fails.
fn interleaved(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut clients = Vec::new();
    for name in ["alice", "bob", "carol"] {
        let mut client = Client::connect(&server, name)?;
        client.says(run.random().word().as_bytes())?;
        clients.push(client);
    }
    for word in run.random().words(12) {
        let turn = run.random().number(0..=2);
        clients[turn_of(turn)].says(word.as_bytes())?;
    }
    // One leaves, and the others go on.
    clients.remove(0).peer.close();
    server.settle();
    for client in &mut clients {
        client.says(run.random().word().as_bytes())?;
    }
    Client::connect(&server, "dave")?.says(run.random().word().as_bytes())
}

fn turn_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// Nobody has said anything, and the one who came last speaks first. A server that serves clients in
/// the order in which they came, or only so many of them, leaves that one waiting.
///
/// Not alone: who fails this fails `two-hundred-at-once`, too. Here they are five, and one sees who
/// waits for whom.
fn last_come_first_served(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut clients = Vec::new();
    for name in ["alice", "bob", "carol", "dave", "erin"] {
        clients.push(Client::connect(&server, name)?);
    }
    for client in clients.iter_mut().rev() {
        client.says(run.random().word().as_bytes())?;
    }
    Ok(())
}

/// Half a line, then silence: a server that has learnt that there is something to read, and then reads
/// a whole line of it, waits for the other half; and with it all others.
fn a_stalled_client_stalls_nobody(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = Client::connect(&server, "alice")?;
    alice.says(run.random().word().as_bytes())?;
    let mut mallory = Client::connect(&server, "mallory")?;
    mallory.says(run.random().word().as_bytes())?;
    mallory.peer.send_in_pieces(&[b"half a "])?;

    alice.says(run.random().word().as_bytes())?;
    let mut bob = Client::connect(&server, "bob")?;
    bob.says(run.random().word().as_bytes())?;

    mallory.peer.send(b"line\n")?;
    mallory.expects(b"half a line")
}

/// Any number of clients. A server that has room for so many and no more is found here.
fn two_hundred_at_once(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let word = run.random().word();
    let line = |client: &TcpPeer| format!("{word} of {}", client.name()).into_bytes();
    let mut crowd = server.crowd(200)?;
    for number in 1..=3 {
        crowd.shuffle(run.random());
        crowd.send_each(|client| [line(client), b"\n".to_vec()].concat())?;
        crowd.expect_each(|client| answer(number, &line(client)))?;
    }
    crowd.close();
    Ok(())
}

/// When a client has left, nothing of it stays. A thread that goes on, whatever it waits for, is one
/// more with each client.
fn threads_end(run: &mut Run) -> Verdict {
    /// A runtime may start helpers of its own meanwhile, as that of Go does.
    const HELPERS: usize = 5;
    let mut server = run.start_server()?;
    ten_come_and_go(run, &mut server)?;
    let after_ten = server.program.threads_at_rest()?;
    for _ in 0..3 {
        ten_come_and_go(run, &mut server)?;
    }
    if server.program.threads_at_rest()? <= after_ten + HELPERS {
        return Ok(());
    }
    server.program.expect_threads(after_ten)
}

/// Always ten, all at once, when those before have been seen off: a pool needs as many threads each
/// time.
fn ten_come_and_go(run: &mut Run, server: &mut Server) -> Verdict {
    let line = format!("{}\n", run.random().word());
    let mut crowd = server.crowd(10)?;
    crowd.send_each(|_| line.clone().into_bytes())?;
    for client in crowd.clients() {
        client.line("a line with its number")?;
    }
    crowd.close();
    server.settle();
    Ok(())
}

/// A client that crashes takes only itself along: not the server, and not those who are there already.
/// It may do so in the middle of a line, with an answer under way, or before it was accepted; and it may
/// leave without a word.
fn survives_a_reset(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut alice = Client::connect(&server, "alice")?;
    alice.says(run.random().word().as_bytes())?;
    for line in [&b"half a "[..], b"a line\n"] {
        let mut mallory = server.connect("mallory")?;
        mallory.stop_reading();
        mallory.send_in_pieces(&[line])?;
        mallory.reset()?;
        goes_on(run, &mut server, &mut alice)?;
    }
    server.vanishing("mallory")?;
    goes_on(run, &mut server, &mut alice)?;
    server.connect("silent")?.close();
    goes_on(run, &mut server, &mut alice)?;
    // And it still accepts. From where it counts is for another check.
    let mut bob = server.connect("bob")?;
    bob.send(format!("{}\n", run.random().word()).as_bytes())?;
    bob.line("the line with its number").map(drop)
}

/// The server is still there, and so is this client of it.
fn goes_on(run: &mut Run, server: &mut Server, client: &mut Client) -> Verdict {
    server.settle();
    server.program.expect_running()?;
    client.says(run.random().word().as_bytes())
}
