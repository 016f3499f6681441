//! 401 udp-echo: each datagram goes back to its sender, unchanged, from the address it was sent to.

#![forbid(unsafe_code)]

mod hints;
mod notes;

use harness::{Check, Lesson, Needs, Role, Run, Verdict};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 401,
    slug: "udp-echo",
    title: "Send each datagram back",
    role: Role::Server,
    verbs: &["bind", "recvfrom", "sendto"],
    checks: &[
        Check::new("one-datagram", 1, "one datagram comes back", one_datagram),
        Check::new(
            "boundaries-are-kept",
            2,
            "three datagrams, three answers, of any bytes, in any order",
            boundaries_are_kept,
        ),
        Check::new(
            "empty-datagram",
            2,
            "a datagram of no bytes comes back, too",
            empty_datagram,
        ),
        Check::new(
            "largest-datagram",
            2,
            "65,507 bytes, as many as fit over IPv4",
            largest_datagram,
        )
        .needs(Needs::Linux),
        Check::new(
            "senders-are-told-apart",
            3,
            "two clients by turns, and at once",
            senders_are_told_apart,
        ),
        Check::new(
            "answers-from-its-own-port",
            2,
            "the answer comes from the address that was asked",
            answers_from_its_own_port,
        ),
        Check::new(
            "a-vanished-sender",
            2,
            "an answer that nobody takes does not end the server",
            a_vanished_sender,
        ),
        Check::new("ipv6", 1, "the same over IPv6", ipv6),
    ],
    notes: &[notes::same_again],
    hints: hints::HINTS,
};

/// The smallest conversation there is. No connection comes before it and none is left behind.
///
/// Not alone: whoever fails here fails everywhere; it is what a beginner passes first.
fn one_datagram(run: &mut Run) -> Verdict {
    let server = run.start_udp_server()?;
    let message = run.random().word();
    let mut alice = server.datagrams("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}

/// Who thinks of UDP as of a stream collects, or waits for more, or serves once and leaves; who thinks
/// of messages as text changes the first one, which holds every value that a byte can have, and a zero at
/// the end: what a buffer was filled with and what has come look alike there. The other two are equal, and
/// yet two: who sends the same again wants another answer, perhaps since the first was lost.
///
/// Nothing may get lost on the way: all three together take a few KiB of the program's receive
/// buffer, of 208 KiB by default (`man 7 socket`, `rmem_default`).
fn boundaries_are_kept(run: &mut Run) -> Verdict {
    let server = run.start_udp_server()?;
    let every_value = (0..=255).chain([0]).collect();
    let one = run.random().word().into_bytes();
    let messages = [every_value, one.clone(), one];
    let mut alice = server.datagrams("alice")?;
    for message in &messages {
        alice.send(message)?;
    }
    alice.expect_in_any_order(&messages)?;
    alice.expect_silence()
}

/// Over TCP recv returns 0 at the end of a connection. Over UDP 0 is a length like any other (RFC 768:
/// a datagram may have no data), and the server must be there for the next.
fn empty_datagram(run: &mut Run) -> Verdict {
    let server = run.start_udp_server()?;
    let message = run.random().word();
    let mut alice = server.datagrams("alice")?;
    alice.send(b"")?;
    alice.expect(b"")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}

/// What does not fit into the buffer of recvfrom is lost, without an error.
///
/// 65,507 is 65,535, the largest total length in an IPv4 header (RFC 791), less 20 bytes of that header
/// and 8 of UDP's. One such datagram alone always finds room in a receive buffer: Linux takes one
/// whatever its size when the buffer is empty. macOS refuses to send it unless the program has raised
/// SO_SNDBUF (its `net.inet.udp.maxdgram`; untested), so the check is for Linux.
fn largest_datagram(run: &mut Run) -> Verdict {
    let server = run.start_udp_server()?;
    let message = run.random().letters(65_507);
    let mut alice = server.datagrams("alice")?;
    alice.send(&message)?;
    alice.expect(&message)
}

/// One socket hears everybody; only recvfrom tells who it was. A server that connects to the first
/// client, or remembers it, is lost on the second.
///
/// Not alone: a sender that vanishes is another sender, too; here both are well, and the two names are
/// in the failure.
fn senders_are_told_apart(run: &mut Run) -> Verdict {
    let server = run.start_udp_server()?;
    let mut alice = server.datagrams("alice")?;
    let mut bob = server.datagrams("bob")?;
    for message in run.random().words(3) {
        let [from_alice, from_bob] = ["alice", "bob"].map(|name| format!("{name}-{message}"));
        alice.send(from_alice.as_bytes())?;
        alice.expect(from_alice.as_bytes())?;
        bob.send(from_bob.as_bytes())?;
        bob.expect(from_bob.as_bytes())?;
    }
    for message in run.random().words(3) {
        let [from_alice, from_bob] = ["alice", "bob"].map(|name| format!("{name}-{message}"));
        alice.send(from_alice.as_bytes())?;
        bob.send(from_bob.as_bytes())?;
        bob.expect(from_bob.as_bytes())?;
        alice.expect(from_alice.as_bytes())?;
    }
    Ok(())
}

/// A client, and each firewall on its way, takes an answer only from where it has sent to. An answer
/// from a new socket has another port. An answer from a socket that is bound to the wildcard has the
/// right port and the IP address that the kernel picks for it, so this server is given an address that
/// the kernel does not pick by itself.
fn answers_from_its_own_port(run: &mut Run) -> Verdict {
    let server = run.start_udp_server_elsewhere()?;
    let message = run.random().word();
    let mut alice = server.datagrams("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect_from(server.address, message.as_bytes())
}

/// The answer to mallory finds her port closed, so an ICMP message comes back, and what it does depends
/// on the server's socket:
///
/// - A plain socket that is not connected hears nothing of it, though `man 7 udp` says that all errors
///   are passed on: the kernel drops this one (`__udp4_lib_err` in `net/ipv4/udp.c`). A server that
///   does nothing special cannot fail here.
/// - A connected socket gets ECONNREFUSED from its next call. That hits a server that connects to each
///   sender to answer with send (disconnecting afterwards does not take the error back), or has a
///   connected socket for each client.
/// - So does a socket that has set IP_RECVERR (`man 7 ip`), connected or not.
///
/// Whoever gets it must not fall over it: it tells of mallory, not of alice.
///
/// Not alone: a server that connects for each answer may lose a datagram of somebody else's while it
/// does; the error is what this check is about.
fn a_vanished_sender(run: &mut Run) -> Verdict {
    let mut server = run.start_udp_server()?;
    let [nobody_waits, message] = [0, 1].map(|_| run.random().word());
    let mallory = server.datagrams("mallory")?;
    mallory.send_and_vanish(nobody_waits.as_bytes())?;
    server.settle();

    let mut alice = server.datagrams("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}

/// An address is an address.
fn ipv6(run: &mut Run) -> Verdict {
    let server = run.start_ipv6_udp_server()?;
    let message = run.random().word();
    let mut alice = server.datagrams("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}
