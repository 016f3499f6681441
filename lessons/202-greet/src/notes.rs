//! What this lesson knows about greetings that are not right.

use std::net::SocketAddr;

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};
use harness::transcript::What;

/// A greeting that is written in another way, names somebody else, or went elsewhere.
pub(crate) fn greeting(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Answer { .. } = &case.failure.expected else {
        return None;
    };
    match &case.failure.actual {
        Actual::Answer { payload } if payload.shown.starts_with("hello ") => Some(
            written_otherwise(case, payload.shown.trim_end_matches("\\r")),
        ),
        Actual::Answer { .. } => Some(other_words()),
        Actual::Ended { received } if received.len > 0 => Some(Diagnosis::new(
            "line-without-end",
            "A line ends with \\r\\n, and the connection ended without it. Nobody but the sender can say \
             where a line ends: put the two bytes behind the address, \"hello {caller}\\r\\n\".",
        )),
        // A todo!() explains itself.
        Actual::Ended { .. } if is_unwritten(case) => None,
        Actual::Ended { .. } => Some(went_elsewhere(case)),
        _ => None,
    }
}

/// Whether the program has come to a todo!().
fn is_unwritten(case: &Case<'_>) -> bool {
    let mut error = case.evidence().error.iter();
    error.any(|line| line.contains("not yet implemented"))
}

fn other_words() -> Diagnosis {
    Diagnosis::new(
        "other-words",
        "The line is read by programs, so each byte counts: hello in small letters, one space, the \
         address, \\r\\n, and nothing else.",
    )
}

fn written_otherwise(case: &Case<'_>, line: &str) -> Diagnosis {
    let Some(caller) = caller(case) else {
        return other_words();
    };
    let named = line.trim_end_matches("\\r\\n").trim_start_matches("hello ");
    if line.ends_with("\\n") && !line.ends_with("\\r\\n") {
        return Diagnosis::new(
            "newline-alone",
            "The line ends with \\n alone. In this protocol, as in SMTP and HTTP, a line ends with two \
             bytes, \\r\\n. println! and writeln! add \\n only: write the end yourself, \
             \"hello {caller}\\r\\n\".",
        );
    }
    if named.contains(' ') || named.is_empty() {
        return other_words();
    }
    if server(case).is_some_and(|server| named == server.to_string()) {
        return Diagnosis::new(
            "names-itself",
            format!(
                "{named} is your program's own end of the connection, the same for every client. Who has \
                 called is at the other end: acceptfrom gives that address with the connection \
                 (getpeername, peer_addr), getsockname and local_addr give your own."
            ),
        );
    }
    if named == format!("{}:{}", caller.ip(), caller.port()) {
        return Diagnosis::new(
            "no-brackets",
            "An IPv6 address has colons of its own, so it stands in brackets before a port: \
             [::1]:51234. Rust's SocketAddr prints itself like that; only who puts IP address and port \
             together by hand has to think of it.",
        );
    }
    if named == caller.ip().to_string() {
        return Diagnosis::new(
            "no-port",
            "An address has two parts, and the port is missing. Many clients share one IP address; the \
             port tells them apart. Print the address as a whole, not its ip().",
        );
    }
    if named.contains('(') {
        return Diagnosis::new(
            "debug-form",
            "{:?} shows a value as a programmer wants to see it, with the Some(…) around it. Take the \
             address out first (match, if let, ?), and print it with {}.",
        );
    }
    if named.ends_with(&format!(":{}", caller.port())) {
        return Diagnosis::new(
            "other-ip",
            format!(
                "The port is the caller's, the IP address is not: this client calls from {}. Print what \
                 accept says about it, all of it.",
                caller.ip()
            ),
        );
    }
    Diagnosis::new(
        "names-somebody-else",
        "The address in the line is not this client's. Ask for it anew with each connection: acceptfrom \
         gives it together with the connection.",
    )
}

/// The connection ended with nothing sent.
fn went_elsewhere(case: &Case<'_>) -> Diagnosis {
    let evidence = case.evidence();
    if evidence.output.iter().any(|line| line.contains("hello ")) {
        return Diagnosis::new(
            "printed-in-place-of-sent",
            "Your program printed its greeting: that goes to the screen of whoever has started it. The \
             client gets only what is sent on its connection, the descriptor that accept has returned: \
             send(&connection, …), or write_all on the stream.",
        );
    }
    let not_connected =
        |line: &String| line.contains("Broken pipe") || line.contains("not connected");
    if evidence.error.iter().any(not_connected) {
        return Diagnosis::new(
            "sent-on-the-listener",
            "The client is still there, and yet send failed as if nobody was. There are two sockets: the \
             one that listens is connected to nobody, now or ever; the one that accept returns is the \
             connection. Send on that one.",
        )
        .section("Two kinds of sockets");
    }
    let peer = case.peer();
    let half_closed = |what: &What| matches!(what, What::EndsSending);
    if case
        .transcript
        .events()
        .iter()
        .any(|e| e.who == peer && half_closed(&e.what))
    {
        return Diagnosis::new(
            "takes-the-end-for-leaving",
            format!(
                "{peer} has ended the sending half of its connection: it will say no more, and it still \
                 listens. Your program took that for leaving. In this protocol the server need not look \
                 at what the client sends at all: greet, and close."
            ),
        );
    }
    Diagnosis::new(
        "closed-without-a-word",
        "Your program accepted the connection and closed it without sending anything. Send the line first; \
         the connection is closed when its last descriptor is: in Rust, when the value that holds it goes \
         out of scope.",
    )
}

/// The address of the peer that saw the failure.
fn caller(case: &Case<'_>) -> Option<SocketAddr> {
    let events = case.transcript.events();
    let mut own = events.iter().rev().filter(|event| event.who == case.peer());
    own.find_map(|event| match event.what {
        What::Connects { local } => Some(local),
        _ => None,
    })
}

/// Where the program listens.
fn server(case: &Case<'_>) -> Option<SocketAddr> {
    let events = case.transcript.events();
    events.iter().find_map(|event| match event.what {
        What::Listens { address } => Some(address),
        _ => None,
    })
}
