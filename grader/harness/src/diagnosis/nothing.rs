//! Nothing came, or not all, though the program runs.

use super::{Case, Diagnosis};
use crate::evidence::Waits;
use crate::failure::{Actual, DecidedBy};
use crate::payload::count;

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let Actual::Nothing { received } = &case.failure.actual else {
        return None;
    };
    let evidence = case.evidence();
    let peer = case.peer();
    let connection = case.connection();

    if let Some(deadlock) = deadlock(case) {
        return Some(deadlock);
    }
    if let Some(queued) = connection.filter(|socket| socket.queued) {
        return Some(not_accepted(case, queued.unread as usize));
    }
    if case.waits_on_peer(Waits::ToSend) {
        return Some(Diagnosis::new(
            "both-are-sending",
            "Your program waits in send, because what it has sent before has not been taken.",
        ));
    }
    let unread = connection.map_or(0, |socket| socket.unread as usize);
    if unread > 0 {
        return Some(not_received(case, unread));
    }
    if case.waits_on_peer(Waits::ToReceive) {
        return Some(waits_for_more(case, received.len));
    }
    if connection.is_none_or(|socket| socket.descriptor.is_none()) && received.len == 0 {
        return None;
    }
    if case.failure.decided_by == DecidedBy::Deadline && case.thread(Waits::Not).is_some() {
        let cpu = evidence.cpu_ms.unwrap_or(0);
        return Some(Diagnosis::new(
            "busy-loop",
            format!(
                "Your program runs and runs ({cpu} ms of processor time so far) and sends nothing. Is \
                 there a loop that nothing ends? A recv that returns 0 will return 0 again each time; \
                 a non-blocking one says EAGAIN at once."
            ),
        ));
    }
    let thread = evidence.threads.first();
    let doing = thread.map_or(String::new(), |t| format!(" Its {} {}.", t.who, t.doing()));
    Some(Diagnosis::new(
        "no-answer",
        format!(
            "Your program has received what {peer} sent and has not answered.{doing} Whatever was \
             received must be sent back before the program waits for anything else."
        ),
    ))
}

pub(super) fn deadlock(case: &Case<'_>) -> Option<Diagnosis> {
    let threads = &case.evidence().threads;
    if threads.is_empty() || threads.iter().any(|t| t.waits != Waits::ForThread) {
        return None;
    }
    if threads.len() == 1 {
        return Some(Diagnosis::new(
            "deadlock-with-itself",
            "Your program has one thread, and it waits for what only another could do. It takes a lock that it holds \
             already, or it waits for a channel, or a condition, that only itself could serve. A \
             lock is given back when its guard goes out of scope: end that scope, or drop the \
             guard, before the same lock is taken again.",
        ));
    }
    Some(Diagnosis::new(
        "deadlock",
        "Every thread of your program waits for another: for a lock that is not given back, for a \
         thread that never ends (join), or for a channel whose other end is still held and never \
         used (recv on it ends when all senders are dropped). Which of them waits for which?",
    ))
}

fn not_accepted(case: &Case<'_>, unread: usize) -> Diagnosis {
    let peer = case.peer();
    let waiting = if unread > 0 {
        format!(" with {} inside", count(unread))
    } else {
        String::new()
    };
    let start = format!(
        "The kernel has completed {peer}'s connection; it waits in the accept queue{waiting}. "
    );
    let evidence = case.evidence();
    let busy_with = evidence.threads.iter().find_map(|thread| {
        let on = thread.on.as_deref()?;
        (thread.waits == Waits::ToReceive || thread.waits == Waits::ToSend)
            .then_some(on)
            .filter(|on| on.ends_with("'s connection"))
    });
    match (busy_with, case.thread(Waits::ToAccept)) {
        (Some(other), _) => Diagnosis::new(
            "busy-with-another",
            format!(
                "{start}But your program waits on {other} and calls accept only when that is over. \
                 Leave a connection when it ends (recv returns 0, or an error), or serve each in a \
                 thread of its own."
            ),
        ),
        (None, _) => {
            let doing = evidence
                .threads
                .first()
                .map_or(String::new(), |t| format!(" its {} {}", t.who, t.doing()));
            Diagnosis::new(
                "never-accepts",
                format!(
                    "{start}But your program does not call accept:{doing}. After listen, call accept, \
                     and again for each client."
                ),
            )
        }
    }
}

fn not_received(case: &Case<'_>, unread: usize) -> Diagnosis {
    let peer = case.peer();
    let arrived = count(unread);
    let first = !case.transcript.has_received(peer);
    if case.thread(Waits::ToAccept).is_some() {
        let meaning = if first {
            format!(
                "Your program accepted {peer}'s connection and went back to accept() without calling \
                 recv() for it: {arrived} lie in its socket. Receive first, until recv returns 0, and \
                 accept the next client then."
            )
        } else {
            format!(
                "{arrived} from {peer} reached your machine, but your program went back to accept() \
                 and never called recv() for them. Keep receiving until recv returns 0."
            )
        };
        let rule = if first {
            "accepted-but-never-received"
        } else {
            "received-once"
        };
        return Diagnosis::new(rule, meaning);
    }
    let thread = case.evidence().threads.first();
    let doing = thread.map_or(String::new(), |t| format!(" Its {} {}.", t.who, t.doing()));
    Diagnosis::new(
        "does-not-receive",
        format!(
            "{arrived} from {peer} have reached your machine and nobody receives them.{doing} Keep \
             calling recv until it returns 0."
        ),
    )
}

fn waits_for_more(case: &Case<'_>, received: usize) -> Diagnosis {
    let peer = case.peer();
    if case.failure.after.is_none() && received == 0 {
        return Diagnosis::new(
            "waits-for-a-request",
            format!(
                "{peer} has sent nothing and waits for your program to speak first, and your program \
                 waits in recv for {peer}. In this protocol nobody has to ask: send, without receiving \
                 before."
            ),
        );
    }
    if received > 0 {
        return Diagnosis::new(
            "answered-too-little",
            format!(
                "Your program has received all that {peer} sent, has sent back a part of it, and waits \
                 for more. send may take less than it is given: send the rest too (send-all, or \
                 write_all). Or is there something that your program keeps for itself?"
            ),
        );
    }
    if let Some(swallowed) = printed(case).or_else(|| taken_for_text(case)) {
        return swallowed;
    }
    Diagnosis::new(
        "waits-for-more",
        format!(
            "Your program has received all that {peer} sent and waits in recv for more, without having \
             answered. It may be waiting for a newline (read_line), for the end (read_to_end, \
             read_to_string) or for a full buffer (read_exact): none of them will come. Or the answer \
             lies in a buffer of its own (BufWriter) that is not flushed. Answer what recv has brought, \
             however little it is."
        ),
    )
}

/// It printed on its own standard output what it should have sent.
fn printed(case: &Case<'_>) -> Option<Diagnosis> {
    let sent = case.failure.after.as_ref()?;
    let mut output = case.evidence().output.iter();
    let is_there = sent.len > 0 && output.any(|line| line.contains(&sent.shown));
    is_there.then(|| {
        let (peer, sent) = (case.peer(), sent.quoted());
        Diagnosis::new(
            "prints-in-place-of-sending",
            format!(
                "Your program printed {sent} on its own standard output, where {peer} cannot see it. \
                 {peer} sees what you send on the connection: call send (write_all) with the bytes that \
                 recv has brought."
            ),
        )
    })
}

/// Bytes that a program loses that takes them for text.
fn taken_for_text(case: &Case<'_>) -> Option<Diagnosis> {
    let sent = case.failure.after.as_ref()?;
    let how = if sent.is_blank() {
        "they are white space, which trim() takes away"
    } else if sent.agrees_at(0, &[0]) {
        "the first of them is 0, where a text ends for C (strlen, printf)"
    } else {
        return None;
    };
    let (peer, bytes) = (case.peer(), count(sent.len));
    Some(Diagnosis::new(
        "takes-bytes-for-text",
        format!(
            "Your program received the {bytes} that {peer} sent and did not send them back. It seems to \
             take them for text: {how}. Any byte may come, and recv has said how many came: send just \
             those, &buffer[..n]."
        ),
    ))
}
