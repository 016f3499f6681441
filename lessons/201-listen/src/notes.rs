//! What this lesson knows about failures, before the general table is asked.

use harness::diagnosis::{Case, Diagnosis, Note};
use harness::failure::{Actual, Expected};
use harness::output::Stream;
use harness::transcript::What;

pub(crate) const NOTES: &[Note] = &[
    says_something_else_first,
    port_0,
    every_address,
    another_address,
    no_brackets,
    wrong_family,
    closed_listener,
    address_is_taken,
    backlog,
    accepted,
    a_line_is_not_the_end,
];

/// What the program printed in place of the announcement that was expected, and that one.
fn announcement<'a>(case: &Case<'a>) -> Option<(&'a str, &'a str)> {
    match (&case.failure.expected, &case.failure.actual) {
        (
            Expected::Print {
                stream: Stream::Output,
                what,
            },
            Actual::Other { .. },
        ) => Some((case.evidence().output.first()?, what)),
        _ => None,
    }
}

/// Whether the program was started on an address of IPv6.
fn speaks_ipv6(case: &Case<'_>) -> bool {
    let events = case.transcript.events();
    events.iter().any(|event| match &event.what {
        What::Starts { command } => command.contains(" [::1]:"),
        _ => false,
    })
}

fn says_something_else_first(case: &Case<'_>) -> Option<Diagnosis> {
    let (printed, _) = announcement(case)?;
    let mut later = case.evidence().output.iter().skip(1);
    let announces_later = later.any(|line| line.starts_with("listening on "));
    (!printed.starts_with("listening on ") && announces_later).then(|| {
        Diagnosis::new(
            "says-something-else-first",
            "Whoever has started your program reads one line, and expects that one: the announcement. \
             What is meant for people belongs on standard error: eprintln!.",
        )
    })
}

fn port_0(case: &Case<'_>) -> Option<Diagnosis> {
    let (printed, _) = announcement(case)?;
    (printed.starts_with("listening") && printed.ends_with(":0")).then(|| {
        Diagnosis::new(
            "prints-port-0",
            "Nothing can listen on port 0. As an argument it is a request: any port that is free. bind \
             has had the kernel choose one, and your program prints what it asked for. Ask the kernel \
             what it got: getsockname.",
        )
        .section("Port 0")
    })
}

fn every_address(case: &Case<'_>) -> Option<Diagnosis> {
    let said = match (&case.failure.expected, &case.failure.actual) {
        (Expected::Fact { .. }, Actual::Other { what }) => what,
        _ => announcement(case)?.0,
    };
    let found = ["0.0.0.0", "[::]"]
        .into_iter()
        .find(|ip| said.contains(ip))?;
    Some(
        Diagnosis::new(
            "listens-everywhere",
            format!(
                "{found} stands for all addresses of this machine. A socket listens there if bind was \
                 given that IP, or if bind was never called: then listen picks a port, too. Call bind \
                 before listen, with the whole address from the first argument."
            ),
        )
        .section("bind gives a name"),
    )
}

fn another_address(case: &Case<'_>) -> Option<Diagnosis> {
    let (printed, what) = announcement(case)?;
    let listens = case.evidence().sockets.iter().find(|s| s.listens)?;
    let says_so = printed == format!("listening on {}", listens.local);
    (says_so && !what.contains(&listens.local)).then(|| {
        Diagnosis::new(
            "listens-elsewhere",
            format!(
                "What your program says is true: it listens on {}. But that is not the address that it \
                 was given. Bind to the first argument as it is, IP and port.",
                listens.local
            ),
        )
        .section("bind gives a name")
    })
}

fn no_brackets(case: &Case<'_>) -> Option<Diagnosis> {
    let (printed, what) = announcement(case)?;
    (what.contains('[') && !printed.contains('[')).then(|| {
        Diagnosis::new(
            "no-brackets",
            "An IPv6 address is full of colons, so in text it stands in brackets, and the port behind \
             them: [::1]:80 (RFC 5952, section 6). Do not put IP and port together by hand: a \
             SocketAddr prints itself like that.",
        )
        .section("IPv6")
    })
}

fn wrong_family(case: &Case<'_>) -> Option<Diagnosis> {
    const AF_NOT_SUPPORTED: &str = "Address family not supported";
    let error = &case.evidence().error;
    let refused = error.iter().any(|line| line.contains(AF_NOT_SUPPORTED));
    (refused && speaks_ipv6(case)).then(|| {
        Diagnosis::new(
            "wrong-family",
            "bind has refused an IPv6 address for an IPv4 socket. The family of the socket must be that \
             of the address: AddressFamily::INET6 for SocketAddr::V6, AddressFamily::INET for \
             SocketAddr::V4.",
        )
        .section("IPv6")
    })
}

fn closed_listener(case: &Case<'_>) -> Option<Diagnosis> {
    let absent = matches!(
        (&case.failure.expected, &case.failure.actual),
        (Expected::Listening { .. }, Actual::Nothing { .. })
            | (Expected::Connection, Actual::Refused)
    );
    let evidence = case.evidence();
    let announced = evidence
        .output
        .iter()
        .any(|line| line.contains("listening"));
    (absent && announced && evidence.sockets.is_empty()).then(|| {
        Diagnosis::new(
            "closed-its-listener",
            "Your program has said that it listens, and by now it has no socket at all. A socket is \
             closed when its last descriptor is: in Rust, when the OwnedFd goes out of scope, at the end \
             of the function that holds it. Return it from there, and keep it until the end.",
        )
        .section("Keep it open")
    })
}

fn address_is_taken(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Exit { status: 1 }, Actual::Nothing { .. }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let elsewhere = case.evidence().sockets.iter().find(|s| s.listens)?;
    Some(
        Diagnosis::new(
            "takes-another-address",
            format!(
                "Another program listens on the address that yours was given, and yours has gone on to \
                 listen on {}. Clients will call the address that they know and reach the other \
                 program. When bind fails, say so on standard error and end with status 1.",
                elsewhere.local
            ),
        )
        .section("When the address is taken"),
    )
}

fn backlog(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Fact { what } = &case.failure.expected else {
        return None;
    };
    what.contains("backlog").then(|| {
        Diagnosis::new(
            "ignores-the-backlog",
            "The second argument is the number for listen: how many connections may wait in the accept \
             queue. Pass it on as it is. (A TcpListener of std cannot do that: it chooses a backlog by \
             itself.)",
        )
        .section("The accept queue")
    })
}

fn accepted(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Fact { what } = &case.failure.expected else {
        return None;
    };
    what.contains("accept queue").then(|| {
        Diagnosis::new(
            "accepts",
            "The kernel has completed the three connections, and your program has taken some out of the \
             queue: that is what accept does. Here nobody accepts yet. After the announcement, wait for \
             the end of standard input and do nothing else.",
        )
        .section("The accept queue")
    })
}

fn a_line_is_not_the_end(case: &Case<'_>) -> Option<Diagnosis> {
    (case.failure.expected == Expected::Running).then(|| {
        Diagnosis::new(
            "ends-at-a-line",
            "Your program got a line on standard input and ended, though the input has not. The end is \
             when read returns 0 (read_line: Ok(0)). Read until then, whatever comes before.",
        )
        .section("Wait for the end of input")
    })
}
