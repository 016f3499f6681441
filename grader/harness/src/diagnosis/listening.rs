//! The program runs and does not listen where it should, or no longer.

use super::{Case, Diagnosis};
use crate::evidence::Waits;
use crate::failure::{Actual, Expected};
use crate::kernel::Protocol;

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    match (&case.failure.expected, &case.failure.actual) {
        (Expected::Listening { protocol, address }, _) => {
            Some(never_listened(case, *protocol, &address.to_string()))
        }
        (Expected::Connection, Actual::Refused) => {
            Some(never_called_listen(case).unwrap_or_else(listens_no_more))
        }
        (Expected::Connection, _) => Some(Diagnosis::new(
            "queue-is-full",
            "The accept queue is full and nobody takes a connection out of it: the kernel leaves new \
             clients waiting. Call accept for each of them, in a loop.",
        )),
        _ => None,
    }
}

fn listens_no_more() -> Diagnosis {
    Diagnosis::new(
        "listens-no-more",
        "Nobody listens there any more. Your program has closed its listening socket: keep it open for \
         as long as the server runs, and accept from it again and again.",
    )
}

fn never_listened(case: &Case<'_>, protocol: Protocol, address: &str) -> Diagnosis {
    let sockets = &case.evidence().sockets;
    if protocol == Protocol::Udp {
        return not_bound(case, address);
    }
    if let Some(listener) = sockets.iter().find(|socket| socket.listens) {
        let local = &listener.local;
        return Diagnosis::new(
            "listens-elsewhere",
            format!(
                "Your program listens, but on {local} in place of {address}. Bind to the address that \
                 is its first argument, all of it: the IP address and the port."
            ),
        );
    }
    if sockets
        .iter()
        .any(|socket| socket.protocol == Protocol::Udp)
    {
        return Diagnosis::new(
            "wrong-type",
            "Your program has bound a UDP socket. This lesson speaks TCP: a socket of type STREAM, \
             which then has to listen.",
        );
    }
    if case.waits_to_print() {
        return Diagnosis::new(
            "prints-before-listening",
            "Your program prints before it listens: here its standard output is full, so it waits at \
             its first print, and nothing listens yet. Who reads such a line may connect at once, and \
             is refused. Call listen first, and print when it has returned.",
        );
    }
    if let Some(diagnosis) = never_called_listen(case) {
        return diagnosis;
    }
    if case.thread(Waits::Not).is_some() {
        return Diagnosis::new(
            "busy-before-listening",
            "Your program is busy with something else and has not come to listen yet.",
        );
    }
    let waits = match case.evidence().threads.first() {
        Some(thread) => format!(" Its {} {}.", thread.who, thread.doing()),
        None => String::new(),
    };
    Diagnosis::new(
        "never-bound",
        format!(
            "Your program runs but has no socket that listens.{waits} The order is: socket, bind to \
             the address that is the first argument, listen, accept."
        ),
    )
}

fn never_called_listen(case: &Case<'_>) -> Option<Diagnosis> {
    let mut sockets = case.evidence().sockets.iter();
    let local = &sockets.find(|socket| socket.is_bound_only())?.local;
    Some(Diagnosis::new(
        "never-called-listen",
        format!(
            "Your socket is bound to {local}, but bind only gives it a name. Call listen on it: then \
             the kernel completes handshakes and puts the connections into the accept queue."
        ),
    ))
}

fn not_bound(case: &Case<'_>, address: &str) -> Diagnosis {
    let sockets = &case.evidence().sockets;
    if let Some(bound) = sockets.iter().find(|s| s.protocol == Protocol::Udp) {
        let local = &bound.local;
        return Diagnosis::new(
            "bound-elsewhere",
            format!(
                "Your UDP socket is bound to {local} in place of {address}. Bind to the address that \
                 is the first argument, all of it: the IP address and the port."
            ),
        );
    }
    if sockets.iter().any(|socket| socket.listens) {
        return Diagnosis::new(
            "wrong-type",
            "Your program listens on a TCP socket. This lesson speaks UDP: a socket of type DGRAM, \
             bound to the address; nothing listens and nothing is accepted.",
        );
    }
    Diagnosis::new(
        "never-bound",
        format!(
            "Your program runs but has no UDP socket that is bound to {address}. The order is: \
             socket, bind, and then recvfrom and sendto in a loop."
        ),
    )
}
