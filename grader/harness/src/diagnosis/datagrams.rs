//! Datagrams: cut, merged, lost, or from another address.

use std::net::SocketAddr;

use super::{Case, Diagnosis};
use crate::evidence::{Socket, Waits};
use crate::failure::{Actual, DecidedBy, Expected};
use crate::kernel::Protocol;
use crate::likeness::Likeness;
use crate::payload::{Payload, count};

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Datagram { payload } = &case.failure.expected else {
        return None;
    };
    match &case.failure.actual {
        Actual::FromElsewhere { from, to } => Some(from_elsewhere(*from, *to)),
        Actual::Datagram {
            payload: came,
            likeness,
        } => Some(other(payload, came, likeness)),
        Actual::Nothing { .. } => Some(nothing(case, payload)),
        Actual::Exited { .. } => ended(case, payload),
        _ => None,
    }
}

fn from_elsewhere(from: SocketAddr, to: SocketAddr) -> Diagnosis {
    if from.ip() == to.ip() {
        return Diagnosis::new(
            "answers-from-elsewhere",
            format!(
                "The answer came from {from}, but the client had sent to {to}. Clients take answers \
                 only from the address that they have asked. Send from the socket that received, with \
                 sendto: a new socket gets a new port."
            ),
        );
    }
    Diagnosis::new(
        "bound-to-the-wildcard",
        format!(
            "The client had sent to {to}, and the answer came from {from}. Your socket is bound to \
             the wildcard address (0.0.0.0 or [::]), which is every address of the machine; so the \
             kernel chose a sender's address for the answer, and chose another one. Bind to the \
             address that is the first argument, all of it: the IP address and the port."
        ),
    )
}

/// What else may have cut a datagram that is not text.
const OF_ANY_BYTES: &str = " If it has that room: a zero byte is a byte like any other, and ends nothing. \
                            recvfrom returns how many bytes have come; send these, &buffer[..n].";

fn other(expected: &Payload, came: &Payload, likeness: &Likeness) -> Diagnosis {
    match likeness {
        Likeness::Cut => Diagnosis::new(
            "truncated",
            format!(
                "{} of {} came back. A datagram is received whole or cut: what does not fit into the \
                 buffer is thrown away by the kernel, and the next recvfrom brings the next datagram. \
                 Give recvfrom a buffer that holds the largest datagram, 65,507 bytes over IPv4.{}",
                count(came.len),
                count(expected.len),
                if expected.hex { OF_ANY_BYTES } else { "" }
            ),
        ),
        Likeness::Split => Diagnosis::new(
            "split",
            "One datagram was sent, and your program answered with several. Each datagram is a message \
             of its own, and nobody puts them together again: answer each recvfrom with one sendto of \
             all that it has brought. Cutting into packets is the kernel's work, not yours.",
        ),
        Likeness::Padded => Diagnosis::new(
            "sends-the-whole-buffer",
            format!(
                "{} had been sent and {} came back, the last of them zeros. Your program sends its \
                 whole buffer: recvfrom returns how many bytes it has put there, so send only those, \
                 &buffer[..n].",
                count(expected.len),
                count(came.len)
            ),
        ),
        Likeness::Longer { extra } if extra.shown == "\\n" || extra.shown == "\\r\\n" => {
            Diagnosis::new(
                "adds-a-newline",
                "Behind the answer a newline came that nobody had sent. A datagram needs no mark at \
                 its end: its length says where it ends. Send exactly the bytes that recvfrom has \
                 brought.",
            )
        }
        Likeness::Merged => Diagnosis::new(
            "merged",
            "More came back in one datagram than was sent in one. Each recvfrom brings one datagram; \
             answer it with one sendto of exactly its bytes, before the next recvfrom. Does your \
             program collect what it receives?",
        ),
        Likeness::Repeated => Diagnosis::new(
            "answers-twice",
            "The same datagram came back a second time. One recvfrom, one sendto: look for a sendto \
             that is called twice for what one recvfrom has brought.",
        ),
        Likeness::Anothers { peer } => Diagnosis::new(
            "answers-somebody-else",
            format!(
                "{peer} had sent this, and it went to somebody else. Each datagram may come from \
                 another client: send the answer to the address that the same recvfrom has returned."
            ),
        ),
        Likeness::Unknown if came.len == 0 => Diagnosis::new(
            "answers-with-nothing",
            "What came back is empty. Does your program send back what recvfrom has brought, &buffer[..n]? \
             And has its buffer room? What does not fit is lost, and Vec::with_capacity(65_535) has none \
             yet, its length is 0: vec![0; 65_535] has.",
        ),
        Likeness::Longer { .. } | Likeness::Unknown => Diagnosis::new(
            "other-datagram",
            "The datagram that came back is not the one that was sent. Answer each recvfrom with one \
             sendto: the same bytes, as many as recvfrom returned, to the address that it returned.",
        ),
    }
}

fn nothing(case: &Case<'_>, expected: &Payload) -> Diagnosis {
    let sockets = &case.evidence().sockets;
    if case.failure.decided_by == DecidedBy::Deadline && case.thread(Waits::Not).is_some() {
        let cpu = case.evidence().cpu_ms.unwrap_or(0);
        return Diagnosis::new(
            "busy-loop",
            format!(
                "Your program runs and runs ({cpu} ms of processor time so far), and {} gets nothing. \
                 Does it send its answers to its own address, where each is the next datagram that it \
                 receives? Or does it call a non-blocking recvfrom again and again?",
                case.peer()
            ),
        );
    }
    let udp = sockets
        .iter()
        .find(|socket| socket.protocol == Protocol::Udp);
    let Some(socket) = udp else {
        return Diagnosis::new(
            "socket-is-gone",
            "Your program has closed its UDP socket. There is no connection that ends: keep the socket \
             and go on receiving.",
        );
    };
    if let Some(whom) = connected_to_another(case, socket) {
        return Diagnosis::new(
            "connected-to-one-client",
            format!(
                "Your UDP socket is connected to {whom}: from then on the kernel drops what anybody \
                 else sends. A server that has many clients does not connect; it answers with sendto, \
                 to the address that recvfrom returned."
            ),
        );
    }
    let other_receiver = case.transcript.other_receiver(case.peer(), expected);
    if let Some(other) = other_receiver.filter(|_| expected.len > 0) {
        let peer = case.peer();
        return Diagnosis::new(
            "answers-somebody-else",
            format!(
                "What {peer} had sent came back to {other}. Each datagram may come from another \
                 client: send the answer to the address that the same recvfrom has returned, not to \
                 one that your program has kept."
            ),
        );
    }
    if socket.unread > 0 {
        return Diagnosis::new(
            "never-received",
            "The datagram has arrived and lies in your socket, but nobody calls recvfrom for it. Keep \
             receiving, in a loop.",
        );
    }
    if expected.len == 0 {
        return Diagnosis::new(
            "drops-empty-datagrams",
            "Your program received the empty datagram and waits for the next, without having answered. \
             Over UDP zero bytes are a message like any other, not the end: answer it with an empty \
             datagram.",
        );
    }
    Diagnosis::new(
        "received-but-not-answered",
        "Your program took the datagram out of its socket and did not answer it. If it waits for more \
         (a newline, a full buffer, the end): none of them will come, one datagram is a whole message. \
         After each recvfrom call sendto, with the bytes and the address that recvfrom returned.",
    )
}

/// To whom `socket` is connected, if that is not the peer that waits for an answer.
fn connected_to_another<'a>(case: &Case<'_>, socket: &'a Socket) -> Option<&'a str> {
    let whom = socket.peer.as_ref().or(socket.remote.as_ref())?;
    (whom != case.peer()).then_some(whom)
}

/// The program has ended for a reason that only datagrams give.
fn ended(case: &Case<'_>, expected: &Payload) -> Option<Diagnosis> {
    let evidence = case.evidence();
    let refused = ["Connection refused", "ConnectionRefused", "ECONNREFUSED"];
    let said = |words: &str| evidence.error.iter().any(|line| line.contains(words));
    if refused.into_iter().any(said) {
        return Some(Diagnosis::new(
            "ends-when-refused",
            "An answer had gone to a port that was closed by then. An ICMP message came back and said \
             so, and the kernel hands it on as the error ECONNREFUSED (connection refused) of the \
             socket's next call, whichever that is. It tells of one client that has left: do not let it \
             end the server, go on with recvfrom. And it only comes because the socket was connected, \
             or has asked for such errors (IP_RECVERR): a server needs neither.",
        ));
    }
    if expected.len == 0 && evidence.status == Some(0) {
        return Some(Diagnosis::new(
            "takes-zero-bytes-for-the-end",
            "recvfrom returned 0, and your program ended. Over TCP that is the end of the connection. \
             UDP has no connection that could end: 0 is the length of a datagram that is empty. Answer \
             it, with an empty one, and go on.",
        ));
    }
    None
}
