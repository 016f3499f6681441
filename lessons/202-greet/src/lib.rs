//! 202 greet: each client gets one line, `hello IP:PORT\r\n`, with its own address in it, and the
//! connection is closed. The server never waits for the client to speak. One client at a time is
//! enough.
//!
//! Each check looks at one thing. Only `greets` minds how the line is written and only
//! `names-the-caller` and `ipv6` mind whose address is in it, so that one mistake is told once.

#![forbid(unsafe_code)]

mod hints;
mod notes;

use std::net::Ipv4Addr;

use harness::{Check, Lesson, Needs, Role, Run, Server, TcpPeer, Verdict};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 202,
    slug: "greet",
    title: "Say hello to whoever calls",
    role: Role::Server,
    verbs: &["bind", "listen", "accept", "send", "close"],
    checks: &[
        Check::new("greets", 1, "one client gets its line", greets)
            .section("One line, to the byte"),
        Check::new(
            "names-the-caller",
            2,
            "the address in the line is the client's own",
            names_the_caller,
        )
        .section("Who is calling?"),
        Check::new(
            "closes-after-the-greeting",
            2,
            "the end of the connection, with nothing before it",
            closes_after_the_greeting,
        )
        .section("Close, and what is kept"),
        Check::new(
            "one-after-another",
            2,
            "a hundred clients in turn",
            one_after_another,
        ),
        Check::new(
            "speaks-first",
            1,
            "clients who say nothing, and who cannot any more",
            speaks_first,
        )
        .section("Who speaks first?"),
        Check::new(
            "leaks-no-descriptors",
            2,
            "as many descriptors after a hundred clients as after one",
            leaks_no_descriptors,
        )
        .needs(Needs::Linux)
        .section("Close, and what is kept"),
        Check::new(
            "survives-a-reset",
            2,
            "clients that are gone before they are greeted",
            survives_a_reset,
        )
        .section("Clients that are gone"),
        Check::new("ipv6", 1, "the same over IPv6", ipv6).section("Who is calling?"),
    ],
    notes: &[notes::greeting],
    hints: hints::HINTS,
};

/// The line that is due, without its end. It is not compared here.
fn greeting(client: &mut TcpPeer) -> Verdict<Vec<u8>> {
    client.line("a line that ends with \\r\\n")
}

/// The line, and in it the client's own address, whatever stands around it.
fn greeting_by_name(mut client: TcpPeer) -> Verdict {
    let line = greeting(&mut client)?;
    let own = client.local().map(|own| own.to_string());
    let text = String::from_utf8_lossy(&line);
    if text.split_whitespace().next_back() == own.as_deref() {
        client.leave();
        return Ok(());
    }
    let due = format!("\"hello {}\"", own.unwrap_or_default());
    Err(client.answered_otherwise(&due, line.trim_ascii_end()))
}

/// A connection, a line, and how it is written: in the words of the protocol, to the last byte. Who
/// ends lines as on Linux (`\n` alone), or puts more into it, stops here.
fn greets(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    let line = greeting(&mut alice)?;
    let name = line.strip_prefix(b"hello ");
    let name = name.and_then(|name| name.strip_suffix(b"\r"));
    let is_word = |name: &[u8]| !name.is_empty() && !name.iter().any(u8::is_ascii_whitespace);
    if name.is_some_and(is_word) {
        return Ok(());
    }
    let whole = [&line[..], b"\n"].concat();
    Err(alice.answered_otherwise("\"hello IP:PORT\\r\\n\"", &whole))
}

/// A connection has two ends, and the one that counts is the other one. Several clients, one of them
/// from another address: a server that names itself, or takes the IP address for granted, is right
/// by chance at most once.
///
/// Not alone: `ipv6` reads the name, too, but who is wrong here should not think that IPv6 is to
/// blame.
fn names_the_caller(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    greeting_by_name(server.connect("alice")?)?;
    greeting_by_name(server.connect("bob")?)?;
    greeting_by_name(server.connect_from(Ipv4Addr::new(127, 0, 0, 2), "carol")?)
}

/// The client reads to the end to know that it has got all. A server that keeps the connection, or
/// sends more than the line, leaves it waiting or wondering.
///
/// Not alone: what is never closed is a descriptor too many as well, and that check looks at Linux
/// only. This one sees it as a client does.
fn closes_after_the_greeting(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    greeting(&mut alice)?;
    alice.expect_end()
}

/// A server that accepts once is done after the first.
///
/// Not alone: every check that has a second client fails with it; this one asks for nothing else.
fn one_after_another(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    for turn in 1..=100 {
        let mut client = server.connect("client")?;
        greeting(&mut client)?;
        client.leave();
        if turn == 1 {
            // Who is done after the first client ends now.
            server.settle();
        }
    }
    Ok(())
}

/// The server speaks first: whoever waits in recv for a request waits for ever. Nor does it matter
/// that a client has ended its sending half, as `nc ADDRESS </dev/null` does: that is not leaving.
fn speaks_first(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    greeting(&mut alice)?;
    alice.leave();
    let mut bob = server.connect_half_closed("bob")?;
    greeting(&mut bob)?;
    Ok(())
}

/// The end of a connection is not yet the end of its descriptor: shutdown says to the client what
/// close says, and leaves the descriptor open. At the limit (`ulimit -n`) accept fails.
fn leaks_no_descriptors(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    visit(&server)?;
    let after_one = server.program.descriptors_at_rest()?;
    for _ in 1..100 {
        visit(&server)?;
    }
    server.program.expect_descriptors(after_one)
}

/// A client that reads its greeting and waits for the end.
fn visit(server: &Server) -> Verdict {
    let mut client = server.connect("client")?;
    greeting(&mut client)?;
    client.expect_end()
}

/// A client that crashes, or leaves without a word, takes only itself along. One that resets its
/// connection before it was accepted is still given out by accept, and whatever is called on that
/// connection fails.
fn survives_a_reset(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    server.vanishing("mallory")?;
    server.settle();
    server.connect("silent")?.close();
    server.settle();
    greeting(&mut server.connect("alice")?)?;
    Ok(())
}

/// An address is an address. In text, one of IPv6 stands in brackets before its port (RFC 3986
/// §3.2.2), since its own colons would hide it.
fn ipv6(run: &mut Run) -> Verdict {
    let server = run.start_ipv6_server()?;
    greeting_by_name(server.connect("alice")?)
}
