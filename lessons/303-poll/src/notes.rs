//! What only this lesson can say about a failure: here one thread serves all, so it may never wait for
//! one client, and what finds no room is kept and sent later.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::{Socket, Waits};
use harness::failure::{Actual, Expected};

/// More threads than one.
pub(crate) fn more_than_one_thread(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Threads { most } = case.failure.expected else {
        return None;
    };
    Some(Diagnosis::new(
        "more-than-one-thread",
        format!(
            "This lesson is about one loop that serves everybody: {most} thread, in one process, however \
             many clients there are and however slow they read. Start no thread for a client, no pool and \
             no helper. Make the sockets non-blocking, wait for all of them in one call to poll, and do \
             for each that is ready what can be done without waiting. (A runtime, such as tokio's, has to \
             be told to use the current thread only.)"
        ),
    ))
}

/// It waits in send for one client, and all others wait with it.
pub(crate) fn waits_for_one(case: &Case<'_>) -> Option<Diagnosis> {
    let Actual::Nothing { .. } = case.failure.actual else {
        return None;
    };
    let peer = case.peer();
    let threads = &case.evidence().threads;
    let (call, slow) = threads.iter().find_map(|thread| {
        let name = thread.on.as_deref()?.strip_suffix("'s connection")?;
        let call = match thread.waits {
            Waits::ToSend => "send",
            Waits::ToReceive => "recv",
            _ => return None,
        };
        (name != peer).then_some((call, name))
    })?;
    let why = if call == "send" {
        "does not read, and so the kernel takes no more for it"
    } else {
        "sends nothing now"
    };
    Some(Diagnosis::new(
        "waits-for-one",
        format!(
            "Your program waits in {call}() for {slow}, which {why}. {peer} and everybody else wait with \
             it: there is only one thread. Make each stream non-blocking when you accept it (the \
             listener's setting is not handed on), so that {call} returns EAGAIN (WouldBlock) in place of \
             waiting; keep what could not be done, and go back to poll."
        ),
    ))
}

/// It waits in accept for a client that nobody has promised, and all others wait with it.
pub(crate) fn waits_for_the_next(case: &Case<'_>) -> Option<Diagnosis> {
    let Actual::Nothing { .. } = case.failure.actual else {
        return None;
    };
    case.thread(Waits::ToAccept)?;
    case.connection().filter(|socket| !socket.queued)?;
    let peer = case.peer();
    Some(Diagnosis::new(
        "waits-for-the-next",
        format!(
            "Your program waits in accept() for the next client, and {peer} and everybody else wait with \
             it: there is only one thread. Call set_nonblocking(true) on the listener, so that accept \
             returns EAGAIN (WouldBlock) when nobody is in the queue, and go back to poll then. It says \
             IN for the listener when somebody has come."
        ),
    ))
}

/// It tries to send to one client again and again, without a look at the others.
pub(crate) fn tries_without_end(case: &Case<'_>) -> Option<Diagnosis> {
    let Actual::Nothing { .. } = case.failure.actual else {
        return None;
    };
    case.thread(Waits::Not)?;
    let slow = full(case).find(|socket| socket.peer.as_deref() != case.failure.peer.as_deref())?;
    let slow = slow.peer.as_deref()?;
    let peer = case.peer();
    Some(Diagnosis::new(
        "tries-without-end",
        format!(
            "Your program runs and runs, and {peer} gets nothing. {slow} does not read, and the kernel \
             takes no more for it. Do you try again until it does? EAGAIN (WouldBlock) means: not now. \
             Keep what is unsent, go back to poll, and ask there for OUT on that connection."
        ),
    ))
}

/// Sockets that are full of what the program has sent and nobody has taken.
fn full<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Socket> {
    let sockets = case.evidence().sockets.iter();
    sockets.filter(|socket| socket.unsent > 0 && !socket.listens)
}

/// It keeps whatever comes, for as long as the client likes.
pub(crate) fn keeps_without_limit(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Fact { what } = &case.failure.expected else {
        return None;
    };
    what.contains("memory").then(|| {
        Diagnosis::new(
            "keeps-without-limit",
            "alice sends and sends, and reads no answer. Your program receives all of it and keeps what \
             it cannot send back, so one client decides how much memory it takes. Set a limit to what \
             you keep of a client; when it is reached, do not ask poll for IN on that connection until \
             some of it is sent. What you do not receive stays in the kernel, and when there is no room \
             either, TCP tells the client to wait.",
        )
    })
}

/// A part of the answer has come, and nothing more will, though the client reads again.
pub(crate) fn stops_in_the_middle(case: &Case<'_>) -> Option<Diagnosis> {
    let Actual::Nothing { received } = &case.failure.actual else {
        return None;
    };
    let connection = case.connection().filter(|socket| !socket.queued)?;
    if received.len == 0 || connection.unsent > 0 {
        return None;
    }
    let peer = case.peer();
    let why = if connection.unread > 0 {
        "More of its bytes lie in your socket, and your program waits for something else. Whenever there \
         is something unsent, ask poll for OUT on that connection; when all is sent, ask for IN again. \
         (With edge-triggered epoll: receive and send until EAGAIN, since you are told only once.)"
    } else {
        "All of its bytes have been received, so some are lost or forgotten in your program. write \
         returns how many bytes the kernel has taken: keep the others, ask poll for OUT on that \
         connection, and go on from there."
    };
    Some(Diagnosis::new(
        "stops-in-the-middle",
        format!("{peer} got the beginning of its answer, reads on, and nothing more comes. {why}"),
    ))
}

/// The connection was closed on a client for which the kernel took no more.
pub(crate) fn gives_up_on_the_slow(case: &Case<'_>) -> Option<Diagnosis> {
    const MUCH: usize = 1 << 20;
    let (Actual::Reset { .. } | Actual::Ended { .. }) = case.failure.actual else {
        return None;
    };
    let peer = case.peer();
    let sent: usize = case.transcript.sent(peer).iter().map(|p| p.len).sum();
    let ended = case.transcript.has_ended_sending(peer);
    if sent < MUCH || ended || case.evidence().exit.is_some() {
        return None;
    }
    Some(Diagnosis::new(
        "gives-up-on-the-slow",
        format!(
            "{peer} read nothing for a while, the kernel took no more for it, and your program closed the \
             connection. A write that takes less than it is given, or nothing (EAGAIN, WouldBlock), is no \
             error: the client is only slow. Keep what is unsent, and send it when poll says OUT. \
             (write_all cannot do that: it takes WouldBlock for an error.)"
        ),
    ))
}
