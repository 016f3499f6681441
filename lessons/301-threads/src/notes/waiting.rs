//! Who waits for whom.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::{Thread, Waits};
use harness::failure::Actual;
use harness::payload::plural;

const SECTION: &str = "Who waits for whom";

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let Actual::Nothing { .. } = &case.failure.actual else {
        return None;
    };
    let connection = case.connection()?;
    let (main, others) = case.evidence().threads.split_first()?;
    if connection.queued {
        return not_accepted(case, main, others);
    }
    if connection.unread == 0 {
        return None;
    }
    not_received(case, main, others)
}

/// The peer lies in the accept queue.
fn not_accepted(case: &Case<'_>, main: &Thread, others: &[Thread]) -> Option<Diagnosis> {
    let peer = case.peer();
    if main.waits == Waits::ToReceive {
        let other = main.on.as_deref().unwrap_or("another connection");
        return Some(Diagnosis::new(
            "one-at-a-time",
            format!(
                "{peer} waits in the accept queue. The thread that should accept waits in recv on \
                 {other}, and until that client says more, or leaves, nobody else is served. Let the \
                 thread that accepts do nothing else: start a thread for each connection, and go back \
                 to accept at once."
            ),
        ));
    }
    let receiving = others.iter().filter(|t| t.waits == Waits::ToReceive);
    match (main.waits, receiving.count()) {
        (Waits::ForThread, 1) => Some(
            Diagnosis::new(
                "joins-before-accept",
                format!(
                    "{peer} waits in the accept queue. Your program has a thread for the client before, \
                     and the main thread waits for its end (join, or the end of a scope) in place of \
                     calling accept. So there is only ever one. Do not join: a thread whose handle is \
                     dropped goes on by itself."
                ),
            )
            .section(SECTION),
        ),
        (Waits::ForThread, n) if n > 1 => Some(only_so_many(peer, n)),
        _ => None,
    }
}

/// The peer was accepted, and what it has sent lies in its socket.
fn not_received(case: &Case<'_>, main: &Thread, others: &[Thread]) -> Option<Diagnosis> {
    let peer = case.peer();
    if main.waits == Waits::ToReceive {
        let other = main.on.as_deref().unwrap_or("another connection");
        return Some(
            Diagnosis::new(
                "one-thread-waits-for-the-rest",
                format!(
                    "{peer}'s line has arrived, and the one thread of your program waits in recv on \
                     {other}. Something had come from there, but not a whole line, and read_until or \
                     read_line waits for the rest of it. With one thread for all, receive only what is \
                     there, and keep half a line until more comes; or give each client a thread of its \
                     own."
                ),
            )
            .section(SECTION),
        );
    }
    let locked = others.iter().any(|t| t.waits == Waits::ForThread);
    let receiving: Vec<&Thread> = others
        .iter()
        .filter(|t| t.waits == Waits::ToReceive)
        .collect();
    let first = receiving.first()?;
    if locked {
        let on = first.on.as_deref().unwrap_or("another connection");
        return Some(
            Diagnosis::new(
                "holds-a-lock",
                format!(
                    "{peer}'s line has arrived. A thread waits for another thread, as one does for a \
                     lock, while {} {}. Does it hold the lock while it waits for its client? Then \
                     nobody else can go on. Take a lock only when the line is there, and give it back \
                     before you wait again.",
                    first.who,
                    doing_on(first, on),
                ),
            )
            .section(SECTION),
        );
    }
    Some(only_so_many(peer, receiving.len()))
}

fn doing_on(thread: &Thread, on: &str) -> String {
    let call = thread.call.as_deref().unwrap_or("recv");
    format!("waits in {call}() on {on}")
}

fn only_so_many(peer: &str, threads: usize) -> Diagnosis {
    let all = plural(threads, "thread");
    Diagnosis::new(
        "only-so-many",
        format!(
            "Your program has {all} for clients, and each of them has one. {peer} is one too many: it \
             waits until another leaves, and that may take as long as that one likes. A client keeps \
             its thread also while it is silent. So a fixed number of threads serves only so many \
             clients; start one for each connection."
        ),
    )
    .section("What a thread costs")
}
