//! The two ends of the connection: their names, that there is one, and how it ends.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};

use super::{has_panicked, printed};

/// LOCAL and REMOTE of a line `connected LOCAL > REMOTE`.
fn ends(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("connected ")?.split_once(" > ")
}

pub(super) fn swapped(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    let ((local, remote), (first, second)) = (ends(due)?, ends(printed)?);
    ((local, remote) == (second, first)).then(|| {
        Diagnosis::new(
            "ends-swapped",
            format!(
                "Both ends are right, and they stand the wrong way round. {local} is your program's own \
                 end: the kernel has chosen that port for it, and the server sees it as its client's. \
                 getsockname (local_addr) tells it. {remote} is where you have called: getpeername \
                 (peer_addr). LOCAL comes first."
            ),
        )
    })
}

pub(super) fn own_end_twice(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    let ((local, remote), (first, second)) = (ends(due)?, ends(printed)?);
    (first == local && second == local).then(|| {
        Diagnosis::new(
            "own-end-twice",
            format!(
                "LOCAL is right, and in place of REMOTE it stands there again. getsockname (local_addr) \
                 tells your program's own end, and only that. The other end is {remote}, where you have \
                 called: ask getpeername (peer_addr)."
            ),
        )
        .section("A connection has two ends")
    })
}

pub(super) fn asked_too_early(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, printed) = printed(case)?;
    let (local, _) = ends(printed)?;
    local.ends_with(":0").then(|| {
        Diagnosis::new(
            "asked-too-early",
            format!(
                "{local} means: no address yet. A client's socket gets its address when connect is called: \
                 only then the kernel knows from which of its addresses the server can be reached, and \
                 picks a free port. Call getsockname after connect."
            ),
        )
        .section("A connection has two ends")
    })
}

pub(super) fn no_brackets(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    let bare = !printed.contains('[') && printed.starts_with("connected");
    (due.contains('[') && bare).then(|| {
        Diagnosis::new(
            "no-brackets",
            "An IPv6 address is full of colons, so in text it stands in brackets, and the port behind \
             them: [::1]:80 (RFC 5952, section 6). Do not put IP and port together by hand: a \
             SocketAddr prints itself like that.",
        )
    })
}

pub(super) fn never_calls(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Arrival { address } = &case.failure.expected else {
        return None;
    };
    if has_panicked(case) {
        return None;
    }
    let said = case.evidence().output.first();
    let said = said.map_or(String::new(), |said| format!(" It says `{said}`."));
    Some(if address.is_ipv6() {
        Diagnosis::new(
            "does-not-speak-ipv6",
            format!(
                "Your program has ended without calling {address}.{said} Read the argument as a SocketAddr, \
                 which knows both kinds of addresses, do not split it at a colon; and open a socket of \
                 its family: AddressFamily::INET6 for SocketAddr::V6, AddressFamily::INET for \
                 SocketAddr::V4."
            ),
        )
    } else {
        Diagnosis::new(
            "never-calls",
            format!(
                "A server listens on {address}, and no call from your program has come.{said} Does it come \
                 to connect at all, with the address from its first argument?"
            ),
        )
    })
}

/// The program is gone by then, which the general table takes for the cause.
pub(super) fn resets(case: &Case<'_>) -> Option<Diagnosis> {
    matches!(case.failure.actual, Actual::Reset { .. }).then(|| {
        Diagnosis::new(
            "resets",
            "Your program has ended the connection with a reset. That tells the server that something \
             went wrong, and nothing did. SO_LINGER with a time of 0 turns close into a reset: do not set \
             it. Simply close (let the socket go out of scope), and the kernel sends a FIN.",
        )
    })
}
