//! 205 echo: everything a client sends comes back, in order, until the client ends its sending half;
//! then the server closes. One client at a time is enough.

#![forbid(unsafe_code)]

mod hints;
mod notes;

use harness::{Check, Lesson, Role, Run, Verdict};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 205,
    slug: "echo",
    title: "Send back what comes",
    role: Role::Server,
    verbs: &["bind", "listen", "accept", "recv", "send"],
    checks: &[
        Check::new("one-message", 1, "one message comes back", one_message)
            .section("The smallest pair"),
        Check::new(
            "keeps-echoing",
            2,
            "ten exchanges on one connection",
            keeps_echoing,
        )
        .section("A loop around recv"),
        Check::new(
            "split-anywhere",
            2,
            "one message, a byte a segment",
            split_anywhere,
        )
        .section("recv gives what has arrived"),
        Check::new(
            "any-length",
            2,
            "every length around a power of two, up to 64 KiB",
            any_length,
        )
        .section("recv gives what has arrived"),
        Check::new("binary-safe", 2, "bytes that are no text", binary_safe)
            .section("Bytes are not text"),
        Check::new(
            "half-close",
            3,
            "a word, then 1 MiB, each with the end: all comes back, then the end",
            half_close,
        )
        .section("The end has two halves"),
        Check::new(
            "one-after-another",
            2,
            "twenty clients in turn",
            one_after_another,
        )
        .section("A loop around accept"),
        Check::new(
            "says-nothing-unasked",
            1,
            "nothing comes that was not sent",
            says_nothing_unasked,
        )
        .section("The protocol"),
        Check::new(
            "survives-a-reset",
            2,
            "a client that resets its connection",
            survives_a_reset,
        )
        .section("Clients crash"),
        Check::new(
            "survives-silence",
            1,
            "a client that leaves without a word",
            survives_silence,
        )
        .section("The end has two halves"),
        Check::new("ipv6", 1, "the same over IPv6", ipv6).section("Two families of addresses"),
    ],
    notes: &[
        notes::words_of_its_own,
        notes::pieces,
        notes::a_buffer_that_is_full,
    ],
    hints: hints::HINTS,
};

/// The smallest conversation there is.
///
/// Not alone: whoever fails here fails nearly everywhere. It says so with the least around it, and is
/// what a beginner passes first.
fn one_message(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let message = run.random().word();
    let mut alice = server.connect("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}

/// A server that receives once per connection passes `one-message` and stops here; one that closes
/// the connection after its answer, too.
///
/// Not alone: long and cut messages need a server that keeps receiving, too; here the messages are
/// short and whole, so nothing else can be the reason.
fn keeps_echoing(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let first = run.random().word();
    let mut alice = server.connect("alice")?;
    alice.send(first.as_bytes())?;
    alice.expect(first.as_bytes())?;
    // The connection stays open though nobody speaks.
    alice.expect_silence()?;
    for message in run.random().words(9) {
        alice.send(message.as_bytes())?;
        alice.expect(message.as_bytes())?;
    }
    Ok(())
}

/// TCP may deliver a message in pieces of any size. A server that waits for a newline, or for its
/// buffer to fill, waits for ever.
///
/// Not alone: pieces of a byte are what a server that wants more waits with; `any-length` has short
/// messages as well, whole ones.
fn split_anywhere(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let message = run.random().word();
    let mut alice = server.connect("alice")?;
    let pieces: Vec<&[u8]> = message.as_bytes().chunks(1).collect();
    alice.send_in_pieces(&pieces)?;
    alice.expect(message.as_bytes())
}

/// A short read is not the end, and a full buffer is not either.
///
/// Not alone: `half-close` sends a message that is longer than any buffer, and then an end; here no
/// end can be blamed.
fn any_length(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    for power in 0..=16 {
        let around = 1_usize << power;
        for len in [around - 1, around, around + 1] {
            // No bytes are no message.
            if len > 0 {
                let message = run.random().letters(len);
                alice.send(&message)?;
                alice.expect(&message)?;
            }
        }
    }
    Ok(())
}

/// All 256 values, zero bytes, what is not UTF-8, and nothing but white space: a server that takes
/// bytes for text changes them, or trims them away.
///
/// Not alone: what `half-close` sends is random bytes, and text is rare in them; here each kind of
/// byte that text cannot hold has its turn.
fn binary_safe(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let every_value: Vec<u8> = (0..=255).collect();
    let random = run.random().bytes(1000);
    let messages = [
        b"\0\0\0",
        b"\xff\xfe\x80",
        b" \r\n",
        &every_value[..],
        &random,
    ];
    for message in messages {
        alice.send(message)?;
        alice.expect(message)?;
    }
    Ok(())
}

/// Ending the sending half is not leaving: what was sent before must still come back, all of it.
///
/// First with a word, where the end surely arrives before the answer has left: of 1 MiB a server that
/// drops the tail may by luck have sent everything before it sees the end.
fn half_close(run: &mut Run) -> Verdict {
    const MIB: usize = 1 << 20;
    let server = run.start_server()?;
    let word = run.random().word();
    let mut alice = server.connect("alice")?;
    alice.send_last(word.as_bytes())?;
    alice.expect(word.as_bytes())?;
    alice.expect_end()?;

    let much = run.random().bytes(MIB);
    let mut bob = server.connect("bob")?;
    bob.send_last(&much)?;
    bob.expect(&much)?;
    bob.expect_end()
}

/// A server is there for more than one client.
///
/// Not alone: other checks have a second client as well, after one that was odd; here all are
/// ordinary.
fn one_after_another(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    for (number, message) in (1..).zip(run.random().words(20)) {
        let mut client = server.connect(&format!("client {number}"))?;
        client.send(message.as_bytes())?;
        client.expect(message.as_bytes())?;
        client.finish_sending()?;
        client.expect_end()?;
        if number == 1 {
            // A server that ends with its first client has ended by now.
            server.settle();
        }
    }
    Ok(())
}

/// No greeting, no prompt, no newline of the server's own.
///
/// Not alone: an answer with something more spoils the next message, too; this check has nothing but
/// the silence, before and after.
fn says_nothing_unasked(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    alice.expect_silence()?;
    let message = run.random().word();
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())?;
    alice.expect_silence()
}

/// A client that crashes takes only itself along: recv says ECONNRESET, and that ends a connection,
/// not the server.
fn survives_a_reset(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut mallory = server.connect("mallory")?;
    mallory.send(b"half a con")?;
    mallory.expect(b"half a con")?;
    mallory.reset()?;
    server.settle();
    // One that may reset before the server has even accepted it.
    server.connect("mallory")?.reset()?;
    server.settle();
    server.connect("silent")?.close();
    server.settle();

    let message = run.random().word();
    let mut alice = server.connect("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}

/// A client that connects and leaves without a word is an end of input like any other.
///
/// Not alone: `survives-a-reset` has such a client among others; here it is the only odd thing.
fn survives_silence(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let mut silent = server.connect("silent")?;
    silent.finish_sending()?;
    silent.expect_end()?;
    server.settle();
    server.connect("silent")?.close();
    server.settle();

    let message = run.random().word();
    let mut alice = server.connect("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}

/// An address is an address: a program that takes one apart, or asks for a socket of the wrong
/// family, serves IPv4 alone.
fn ipv6(run: &mut Run) -> Verdict {
    let server = run.start_ipv6_server()?;
    let message = run.random().word();
    let mut alice = server.connect("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}
