//! 203 connect: call a server, say who is connected with whom; or say why there is no connection.

#![forbid(unsafe_code)]

mod hints;
mod notes;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use harness::{ADDRESS, Check, Lesson, Needs, Program, Role, Run, Verdict};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 203,
    slug: "connect",
    title: "Call a server",
    role: Role::Client,
    verbs: &["socket", "connect"],
    checks: &[
        Check::new(
            "connects",
            2,
            "it connects, says so, and ends with status 0",
            connects,
        )
        .section("connect calls"),
        Check::new(
            "names-both-ends",
            2,
            "it prints its own end, then the server's",
            names_both_ends,
        )
        .section("A connection has two ends"),
        Check::new(
            "refused",
            2,
            "where nobody listens: refused, status 1",
            refused,
        )
        .section("Four answers"),
        Check::new(
            "timeout",
            3,
            "where nobody answers: timeout, status 2, after TIMEOUT_MS",
            timeout,
        )
        .section("When nobody answers"),
        Check::new(
            "unreachable",
            1,
            "where no route leads: unreachable, status 3",
            unreachable,
        )
        .needs(Needs::Isolated)
        .section("Four answers"),
        Check::new(
            "anything-else",
            1,
            "for all else, a bad ADDRESS too: error, status 4",
            anything_else,
        )
        .section("Four answers"),
        Check::new("closes", 1, "the server sees an orderly end", closes).section("Close"),
        Check::new("ipv6", 1, "the same over IPv6", ipv6).section("IPv6"),
    ],
    notes: notes::NOTES,
    hints: hints::HINTS,
};

/// TIMEOUT_MS where the answer comes at once, an hour: a program that always waits for so long is too
/// late on any machine.
const LONG: &str = "3600000";

/// A non-blocking connect returns EINPROGRESS, which is no failure; and whoever has started the program
/// learns from its status whether it went well.
fn connects(run: &mut Run) -> Verdict {
    let mut server = run.listen("server")?;
    let mut program = run.start(server.address(), &[LONG])?;
    // The server keeps its end open: the program closes by itself.
    let _server_end = server.accept()?;
    let what = "`connected LOCAL > REMOTE`";
    program.expect_printed(what, 0, |line| line.starts_with("connected "))?;
    program.settle();
    program.expect_exit(0)
}

/// A client has an address, too: the kernel has chosen it, and it is the one that the server sees.
fn names_both_ends(run: &mut Run) -> Verdict {
    let mut server = run.listen("server")?;
    let mut program = run.start(server.address(), &[LONG])?;
    let client = server.accept()?;
    let line = format!("connected {} > {}", client.remote(), server.address());
    program.expect_printed(&format!("`{line}`"), 0, |printed| printed == line)?;
    Ok(())
}

/// A refusal is an answer, and the most common one. After poll it is found in SO_ERROR: "ready" only
/// means that the handshake is over.
fn refused(run: &mut Run) -> Verdict {
    run.on_a_free_address(|run, nobody| {
        run.note(&format!("nobody listens on {nobody}"));
        let mut program = run.start(nobody, &[LONG])?;
        expect_outcome(&mut program, "refused", 1)
    })
}

/// By itself connect waits for minutes. TIMEOUT_MS is in milliseconds and counts, and is not a constant:
/// the two times here are so different that none is right for both.
fn timeout(run: &mut Run) -> Verdict {
    for range in [560..=590, 2400..=2500] {
        let timeout_ms = run.random().number(range);
        gives_up_after(run, timeout_ms)?;
    }
    Ok(())
}

fn gives_up_after(run: &mut Run, timeout_ms: u64) -> Verdict {
    let server = run.listen_with_a_full_queue("server")?;
    let mut program = run.start(server.address(), &[&timeout_ms.to_string()])?;
    let timeout = Duration::from_millis(timeout_ms);
    let waited = program.wait_until_it_gives_up(server.address(), timeout * 2)?;
    expect_outcome(&mut program, "timeout", 2)?;
    if waited < timeout / 2 {
        let expected = format!("it to wait {timeout_ms} ms for an answer");
        return Err(program.fails(&expected, "it gave up in less than half of that time"));
    }
    Ok(())
}

/// No route leads to one address (ENETUNREACH), and a route says of the other that its host cannot be
/// reached (EHOSTUNREACH): to a user that is the same.
fn unreachable(run: &mut Run) -> Verdict {
    let network = run.unreachable_network()?;
    let host = run.unreachable_host()?;
    for (address, error) in [(network, "ENETUNREACH"), (host, "EHOSTUNREACH")] {
        run.note(&format!("connect to {address} fails with {error}"));
        let mut program = run.start(address, &[LONG])?;
        expect_outcome(&mut program, "unreachable", 3)?;
    }
    Ok(())
}

/// There are more errors than anybody thinks of, and a mistyped ADDRESS is no reason to panic.
fn anything_else(run: &mut Run) -> Verdict {
    let placeholder = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    for bad in ["somewhere", "127.0.0.1", "127.0.0.1:65536"] {
        let mut program = run.start_with(placeholder, &[bad, LONG])?;
        expect_outcome(&mut program, "error", 4)?;
    }
    if !harness::arena::has_ipv6() {
        return Ok(());
    }
    // A link-local address means something only together with a network card (`man 7 ipv6`).
    let link_local = SocketAddr::from(([0xfe80, 0, 0, 0, 0, 0, 0, 1], 9));
    run.note("connect to a link-local address without an interface fails with EINVAL");
    let mut program = run.start_with(link_local, &[ADDRESS, LONG])?;
    expect_outcome(&mut program, "error", 4)
}

/// A reset tells the server that something went wrong, and nothing did.
fn closes(run: &mut Run) -> Verdict {
    let mut server = run.listen("server")?;
    let _program = run.start(server.address(), &[LONG])?;
    server.accept()?.expect_end()
}

/// The socket must be of the address's family, and in text an IPv6 address stands in brackets. Which end
/// comes first is for names-both-ends.
fn ipv6(run: &mut Run) -> Verdict {
    let mut server = run.listen_ipv6("server")?;
    let mut program = run.start(server.address(), &[LONG])?;
    let client = server.accept()?;
    let (local, remote) = (client.remote().to_string(), server.address().to_string());
    let what = format!("`connected {local} > {remote}`");
    program.expect_printed(&what, 0, |printed| {
        let mut words: Vec<&str> = printed.split(' ').collect();
        words.sort_unstable();
        let mut expected = ["connected", &local, ">", &remote];
        expected.sort_unstable();
        words == expected
    })?;
    Ok(())
}

/// The program says this one word, and ends with the status that belongs to it.
fn expect_outcome(program: &mut Program, word: &str, status: i32) -> Verdict {
    program.expect_printed(&format!("`{word}`"), status, |printed| printed == word)?;
    program.expect_exit(status)
}
