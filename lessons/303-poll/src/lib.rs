//! 303 poll: echo, to many clients, on one thread: readiness instead of waiting.

#![forbid(unsafe_code)]

mod hints;
mod notes;

use harness::{Check, Crowd, Lesson, Role, Run, TcpPeer, Verdict};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 303,
    slug: "poll",
    title: "Many clients, one thread",
    role: Role::Server,
    verbs: &["accept", "poll", "recv", "send"],
    checks: &[
        Check::new(
            "echoes",
            1,
            "words, then 10,000 and 200,000 bytes of any value, come back",
            echoes,
        )
        .section("One loop for all"),
        Check::new(
            "five-hundred-at-once",
            3,
            "five hundred clients, served in any order",
            five_hundred_at_once,
        )
        .section("One loop for all"),
        Check::new(
            "one-thread",
            2,
            "one thread, however many clients there are",
            one_thread,
        )
        .section("The protocol"),
        Check::new(
            "a-reader-who-does-not-read",
            3,
            "others go on; its answers arrive whole once it reads",
            a_reader_who_does_not_read,
        )
        .section("A client that does not read"),
        Check::new(
            "bounded-memory",
            3,
            "256 MiB from a client that reads nothing: memory stays under 64 MiB",
            bounded_memory,
        )
        .section("Who does not read is not read from"),
        Check::new(
            "idles-when-idle",
            2,
            "under 5 % of a processor while idle clients are connected",
            idles_when_idle,
        )
        .section("A loop that never waits"),
        Check::new(
            "half-close",
            2,
            "the end of input, with answers unsent: all of them come, then the end",
            half_close,
        )
        .section("The end, in a loop"),
        Check::new(
            "survives-a-reset",
            2,
            "clients that reset their connections, in the midst of others",
            survives_a_reset,
        )
        .section("The end, in a loop"),
    ],
    notes: &[
        notes::more_than_one_thread,
        notes::waits_for_one,
        notes::waits_for_the_next,
        notes::tries_without_end,
        notes::keeps_without_limit,
        notes::stops_in_the_middle,
        notes::gives_up_on_the_slow,
    ],
    hints: hints::HINTS,
};

/// More than the buffers between a server and a client that reads nothing have room for: a few MiB of
/// the server's (the last number of net.ipv4.tcp_wmem is 4 MiB), and 128 KiB of the client's.
const TOO_MUCH: usize = 16 << 20;

/// The smallest conversation, and large ones. A program that takes EAGAIN for an error closes after
/// the first word; one that is told of arrivals only once (edge-triggered) and then receives once
/// leaves most of the 10,000 bytes where they are.
fn echoes(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    for word in run.random().words(5) {
        alice.send(word.as_bytes())?;
        alice.expect(word.as_bytes())?;
    }
    // The first fits into one segment, the second does not.
    for len in [10_000, 200_000] {
        let much = run.random().bytes(len);
        alice.send(&much)?;
        alice.expect(&much)?;
    }
    Ok(())
}

/// A server that waits for one client serves no other; one with a table of fixed size has no room for
/// the last.
fn five_hundred_at_once(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut crowd = server.crowd(500)?;
    is_served(&mut crowd, run)?;
    crowd.shuffle(run.random());
    is_served(&mut crowd, run)
}

/// Threads wait for many clients, too; that was 301. Whoever has one thread for each client, a pool of
/// them, or one more only for those who do not read, is found here.
fn one_thread(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut crowd = server.crowd(20)?;
    for client in crowd.clients() {
        is_echoed(client, run)?;
    }
    let mut slow = server.connect_without_reading("slow")?;
    let much = too_much(run);
    slow.pour(&much, much.len());
    server.program.expect_threads(1)
}

/// A send that waits for alice keeps bob waiting; and what finds no room must be kept until there is.
fn a_reader_who_does_not_read(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut alice = server.connect_without_reading("alice")?;
    let much = too_much(run);
    alice.pour(&much, much.len());

    let mut bob = server.connect("bob")?;
    for word in run.random().words(5) {
        bob.send(word.as_bytes())?;
        bob.expect(word.as_bytes())?;
    }
    // What the program receives of alice, and has no room for, it has received by then.
    server.settle();
    alice.read_again();
    alice.expect(&much)
}

/// Whatever is received and cannot be sent back is kept: so a server that receives on and on keeps
/// more and more. It has to stop receiving from that client. Who throws away what is too much, or the
/// client, has little to keep, too: so alice reads in the end, and all that she has sent comes back.
fn bounded_memory(run: &mut Run) -> Verdict {
    const MIB: usize = 1 << 20;
    const PIECE: usize = 8 * MIB;
    const LIMIT: u64 = 64 << 20;
    let mut server = run.start_server()?;
    server.program.watch_memory();
    let mut alice = server.connect_without_reading("alice")?;
    let piece = run.random().letters(MIB).repeat(PIECE / MIB);
    let mut pieces = 0;
    for number in 1..=256 * MIB / PIECE {
        pieces = number;
        if alice.pour(&piece, PIECE) < PIECE {
            // It takes no more, as it should.
            break;
        }
        if number * PIECE == 96 * MIB {
            // Whoever takes so much has to keep most of it: no need to send the rest.
            server.settle();
            server.program.expect_memory_under(LIMIT)?;
        }
    }
    server.settle();
    server.program.expect_memory_under(LIMIT)?;
    alice.read_again();
    (0..pieces).try_for_each(|_| alice.expect(&piece))
}

/// A loop that asks again and again without waiting does its work, and keeps a processor busy for
/// nothing: it polls with no time to wait, or for what is always there. A socket is nearly always
/// writable, and one that has ended is always readable; so is one from which nothing is received since
/// its client does not read.
fn idles_when_idle(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut crowd = server.crowd(20)?;
    for client in crowd.clients() {
        is_echoed(client, run)?;
    }
    let mut guest = server.connect("guest")?;
    is_echoed(&mut guest, run)?;
    guest.close();
    server.program.expect_idle(5)?;

    let mut slow = server.connect_without_reading("slow")?;
    let much = too_much(run);
    slow.pour(&much, much.len());
    server.program.expect_idle(5)
}

/// The end of input is not the end of the answers. alice's end comes in one piece with her word;
/// bob's while most of his answers have found no room yet, if the program receives that much.
fn half_close(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let word = run.random().word();
    let mut alice = server.connect("alice")?;
    alice.send_last(word.as_bytes())?;
    alice.expect(word.as_bytes())?;
    alice.expect_end()?;

    let much = too_much(run);
    let mut bob = server.connect_without_reading("bob")?;
    if bob.pour(&much, much.len()) < much.len() {
        bob.read_again();
        bob.send(b"")?;
    }
    bob.finish_sending()?;
    server.settle();
    bob.read_again();
    bob.expect(&much)?;
    bob.expect_end()
}

/// A client that crashes takes only itself along, also while answers to it are unsent; and those who
/// connected before and after it keep their places.
fn survives_a_reset(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let mut mallory = server.connect("mallory")?;
    let mut bob = server.connect("bob")?;
    for peer in [&mut alice, &mut mallory, &mut bob] {
        is_echoed(peer, run)?;
    }
    mallory.reset()?;
    server.settle();
    server.vanishing("mallory")?;
    server.settle();
    let mut slow = server.connect_without_reading("slow")?;
    let much = too_much(run);
    slow.pour(&much, much.len());
    slow.reset()?;
    server.settle();
    server.connect("silent")?.close();
    server.settle();

    let mut carol = server.connect("carol")?;
    for peer in [&mut alice, &mut bob, &mut carol] {
        is_echoed(peer, run)?;
    }
    Ok(())
}

/// More than finds room on the way.
fn too_much(run: &mut Run) -> Vec<u8> {
    run.random().letters(1 << 20).repeat(TOO_MUCH >> 20)
}

/// Every client of the crowd sends a word of its own and gets it back.
fn is_served(crowd: &mut Crowd, run: &mut Run) -> Verdict {
    let word = run.random().word();
    let words = |client: &TcpPeer| format!("{word} from {}", client.name()).into_bytes();
    crowd.send_each(words)?;
    crowd.expect_each(words)
}

/// This client sends a word and gets it back.
fn is_echoed(client: &mut TcpPeer, run: &mut Run) -> Verdict {
    let word = run.random().word();
    client.send(word.as_bytes())?;
    client.expect(word.as_bytes())
}
