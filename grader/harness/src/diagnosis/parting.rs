//! The connection ended too early, too late, or the wrong way.

use super::{Case, Diagnosis};
use crate::evidence::Waits;
use crate::failure::{Actual, Expected};

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    match (&case.failure.expected, &case.failure.actual) {
        (Expected::End, Actual::Nothing { .. }) => Some(never_closes(case)),
        (_, Actual::Reset { .. }) => Some(reset(case)),
        (_, Actual::Ended { received }) => Some(closed_early(case, received.len)),
        (Expected::Taking { .. }, Actual::Nothing { .. }) => Some(not_taken(case)),
        (Expected::Exit { .. }, Actual::Nothing { .. }) => Some(still_running(case)),
        _ => None,
    }
}

fn never_closes(case: &Case<'_>) -> Diagnosis {
    if let Some(deadlock) = super::nothing::deadlock(case) {
        return deadlock;
    }
    let told = case.connection().is_some_and(|s| s.state == "CLOSE-WAIT");
    if !told && case.waits_on_peer(Waits::ToReceive) {
        let peer = case.peer();
        return Diagnosis::new(
            "waits-for-the-other-to-close",
            format!(
                "Your program waits in recv until {peer} says something or leaves, and {peer} waits for \
                 the end of the connection: so both wait for ever. It is your program that ends it, \
                 without receiving first: drop the stream, or call close."
            ),
        );
    }
    if !told {
        return Diagnosis::new(
            "never-closes",
            "The lesson asks that your program closes the connection here. A connection is closed when \
             its last descriptor is: drop the stream, or call close. What is kept in a list, or was \
             cloned, stays open.",
        );
    }
    if case.waits_on_peer(Waits::ToReceive) {
        return Diagnosis::new(
            "about-to-see-the-end",
            "The client has said that no more will come, and your program still waits in recv.",
        );
    }
    if case.thread(Waits::Not).is_some() {
        return Diagnosis::new(
            "ignores-the-end",
            "The client has said that no more will come. From then on recv returns 0 at once, each \
             time it is called, and your program calls it again and again. Leave the loop when it \
             returns 0, and close.",
        );
    }
    Diagnosis::new(
        "never-closes",
        "The client has ended its sending half: the state CLOSE-WAIT says that the kernel now waits \
         for your program to close its side. When recv returns 0, leave the loop and let the \
         connection be closed: drop the stream, or call close.",
    )
}

/// RFC 1122 §4.2.2.13: who closes with data unread shows by a reset that data was lost.
fn reset(case: &Case<'_>) -> Diagnosis {
    let peer = case.peer();
    if case.failure.expected == Expected::End {
        return Diagnosis::new(
            "reset",
            "The kernel reset the connection in place of ending it in order (FIN). That happens when a \
             program closes a socket while bytes that it has not received still lie in it, or when it \
             has set SO_LINGER to 0. Receive until recv returns 0, and let close do its work.",
        );
    }
    if case.transcript.has_ended_sending(peer) {
        return Diagnosis::new(
            "left-with-bytes-unread",
            format!(
                "Your program closed the connection while bytes from {peer} still lay in its socket, \
                 and so the kernel reset it. {peer} has ended its sending half, but what it had sent \
                 before is there to be received, and it still waits for answers. Only recv returning 0 \
                 says that you have it all; a hang-up that poll reports (POLLRDHUP) does not."
            ),
        );
    }
    Diagnosis::new(
        "closed-with-bytes-unread",
        format!(
            "Your program closed the connection while {peer} was still using it. Bytes that it had not \
             received were in its socket: that they are lost is what the reset says. Keep the \
             connection, and receive until recv returns 0."
        ),
    )
}

fn closed_early(case: &Case<'_>, received: usize) -> Diagnosis {
    let peer = case.peer();
    match (&case.failure.expected, received) {
        (Expected::Bytes { .. }, _) if case.transcript.has_ended_sending(peer) => Diagnosis::new(
            "lost-the-tail",
            format!(
                "Your program closed the connection before all that it had received was sent back. \
                 {peer} has ended its sending half, which means that it will send no more; it still \
                 receives, and waits for the rest. Send everything first, and only then close."
            ),
        ),
        (Expected::Silence, _) => Diagnosis::new(
            "closed-too-early",
            "Your program closed the connection though the client had not finished. Only recv returning \
             0 says that no more will come; one that brings little does not. Until then, wait in recv.",
        ),
        (Expected::Bytes { payload }, n) if n > 0 && n < payload.len => Diagnosis::new(
            "lost-the-tail",
            "Your program closed the connection before all that it had received was sent back. What \
             came before the end must still be answered: send everything, and only then close. And \
             send may take less than you give it: use send-all (write_all in Rust).",
        ),
        _ => Diagnosis::new(
            "closed-too-early",
            "Your program closed the connection where an answer was due. A connection is closed when \
             its last descriptor is: in Rust, when the value that holds it goes out of scope. Keep \
             receiving until recv returns 0.",
        ),
    }
}

fn not_taken(case: &Case<'_>) -> Diagnosis {
    if case.waits_on_peer(Waits::ToSend) {
        return Diagnosis::new(
            "both-are-sending",
            "Your program waits in send because the client's buffer is full, and the client waits \
             because yours is: each sends and neither receives. Receive between your sends, or in \
             another thread.",
        );
    }
    Diagnosis::new(
        "does-not-receive",
        "The client's bytes fill your socket's buffer and nobody receives them, so the kernel has shut \
         the window: it tells the client to wait. Keep calling recv.",
    )
}

fn still_running(case: &Case<'_>) -> Diagnosis {
    let doing = match case.evidence().threads.first() {
        Some(thread) => format!(" Its {} {}.", thread.who, thread.doing()),
        None => String::new(),
    };
    if case.transcript.has_ended_input() {
        return Diagnosis::new(
            "outlives-its-input",
            format!(
                "Your program's standard input has ended, and the program goes on.{doing} The end of \
                 input is how it is told to leave: read standard input until read returns 0."
            ),
        );
    }
    Diagnosis::new(
        "does-not-end",
        format!("Your program should have ended here and goes on.{doing}"),
    )
}
