//! What a call or a segment means, in a sentence.

use etherparse::TcpHeader;

use crate::capture::script::{Call, Side, Verb, WAITS};
use crate::packet::{Packet, Transport};

use super::layers::bytes;

/// What a call does.
pub(crate) fn call(call: &Call) -> String {
    let side = call.side;
    if call.result == WAITS {
        return waits(call);
    }
    let text = match (&call.verb, call.result.as_str()) {
        (Verb::SocketStream, _) => "makes a socket for TCP. It has no address yet.",
        (Verb::SocketDatagram, _) => "makes a socket for UDP.",
        (Verb::Bind(_), _) => "gives its socket an address. Nothing goes over the wire.",
        (Verb::Listen(_), _) => {
            "asks its kernel to answer calls. From now on the kernel does so by itself."
        }
        (Verb::Connect(_), "0") => {
            "calls. Its kernel does the handshake, and connect returns when the server's kernel has agreed."
        }
        (Verb::Connect(_), "EINPROGRESS") => "calls, and does not wait for the answer.",
        (Verb::Connect(_), _) => "calls, and is refused.",
        (Verb::Poll { .. }, _) => {
            "asks when its socket is ready. After a connect that means decided, for better or worse."
        }
        (Verb::SocketError, _) => "asks what has become of its connect.",
        (Verb::Accept, _) => {
            "takes the connection out of the queue. It was complete before: nothing goes over the wire."
        }
        (Verb::Send(_) | Verb::SendTo(..), result) if result.starts_with('E') => {
            "wants to send. The connection is gone, so its kernel says no, and nothing goes over the wire."
        }
        (Verb::Send(_), _) => {
            "hands bytes to its kernel. send has returned when the kernel has them, not when they are there."
        }
        (Verb::SendTo(..), _) => "hands a datagram to its kernel, with the address where it goes.",
        (Verb::Recv(_), "0") => "is told that no more will come.",
        (Verb::Recv(_) | Verb::RecvFrom(_), result) if result.starts_with('E') => {
            "is told that the connection was reset."
        }
        (Verb::Recv(_), _) => "takes what has arrived. Nothing goes over the wire.",
        (Verb::RecvFrom(_), _) => "takes one datagram, and learns who sent it.",
        (Verb::Shutdown, _) => "ends its sending half. It can still receive.",
        (Verb::LingerZero, _) => "asks for a reset in place of an orderly end, with SO_LINGER.",
        (Verb::NoDelay, _) => {
            "asks its kernel to send each piece at once, also a small one, with TCP_NODELAY."
        }
        (Verb::ReuseAddress, _) => {
            "asks for an address that an earlier connection may still hold, with SO_REUSEADDR."
        }
        (Verb::Exit, _) => "ends. Its kernel closes what it has left open.",
        (Verb::Interrupt, _) => {
            "is ended with Ctrl-C. It calls nothing any more: its kernel closes what is open."
        }
        (Verb::Close, _) if call.frames.is_empty() => {
            "lets go of its socket. Nothing is left to be said."
        }
        (Verb::Close, _) => "lets go of its socket, and its kernel tells the other side.",
    };
    format!("The {side} {text}")
}

/// What a call does that cannot return yet.
fn waits(call: &Call) -> String {
    let what = match call.verb {
        Verb::Accept => "Nobody has called yet",
        _ => "Nothing has come yet",
    };
    let verb = call.verb.to_string();
    let verb = verb.split(' ').next().unwrap_or_default();
    format!(
        "The {} calls {verb}. {what}: it sleeps in the call, which costs nothing.",
        call.side
    )
}

/// What a segment says.
pub(crate) fn frame(frame: &Packet, sender: Side, caller: &Call) -> String {
    let kernel = format!("The {sender}'s kernel");
    match &frame.transport {
        Transport::Tcp(tcp) => segment(frame, tcp, &kernel),
        Transport::Udp(_) => format!(
            "The {sender}'s datagram: {} and a header of 8.",
            bytes(frame.payload.len())
        ),
        Transport::Icmp(_) => format!(
            "{kernel} says: nobody has that port. The {}'s program is not told, unless its socket is connected.",
            caller.side
        ),
    }
}

fn segment(frame: &Packet, tcp: &TcpHeader, kernel: &str) -> String {
    let len = frame.payload.len();
    match (tcp.syn, tcp.ack, tcp.fin, tcp.rst) {
        (true, false, ..) => {
            format!("{kernel} asks for a connection, and says where its numbers begin.")
        }
        (true, true, ..) => {
            format!("{kernel} agrees by itself, since the socket listens. No program takes part.")
        }
        (.., true) if tcp.ack && tcp.sequence_number == 0 => {
            format!("{kernel} refuses: nobody listens there.")
        }
        (.., true) => format!("{kernel} resets the connection: it is gone at once."),
        (_, _, true, _) if len > 0 => {
            format!(
                "{kernel} brings the last {}, and says that no more will come.",
                bytes(len)
            )
        }
        (_, _, true, _) => format!("{kernel} says: no more will come from here."),
        _ if len > 0 => format!("{kernel} brings {}.", bytes(len)),
        _ => {
            format!("{kernel} acknowledges what has come, and says how much more it has room for.")
        }
    }
}
