//! What only this lesson can say about a failure: which deadline it is that the program keeps, if not
//! the right one.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::Waits;
use harness::failure::{Actual, DecidedBy, Expected};
use harness::transcript::{Event, What};

pub(crate) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    // How a program ended, or a thread of it, says more than when its connections did.
    if case.evidence().exit.is_some() {
        return ended_in_time(case);
    }
    let facts = [
        a_thread_panicked,
        echoed_early,
        lost_its_beginning,
        was_reset,
    ];
    if let Some(told) = facts.into_iter().find_map(|fact| fact(case)) {
        return Some(told);
    }
    let Expected::EndInTime {
        idle_ms, most_ms, ..
    } = &case.failure.expected
    else {
        return None;
    };
    match &case.failure.actual {
        Actual::EndedAfter { ms, .. } if ms < idle_ms => Some(too_early(case, *ms, *idle_ms)),
        Actual::EndedAfter { .. } => Some(others_come_first(case)),
        Actual::StillOpen { .. } => Some(too_late(case, *most_ms)),
        _ => None,
    }
}

/// Somebody's time was over, and the whole program has ended for that.
fn ended_in_time(case: &Case<'_>) -> Option<Diagnosis> {
    let is_about_time = matches!(case.failure.expected, Expected::EndInTime { .. });
    let panicked = |line: &String| line.contains("panicked at");
    if !is_about_time || case.evidence().error.iter().any(panicked) {
        return None;
    }
    let how = case.evidence().exit.as_deref().unwrap_or("ended");
    Some(Diagnosis::new(
        "ends-at-a-timeout",
        format!(
            "Your program {how}, and all its connections with it. Was it when recv said WouldBlock? That \
             means that one client's time is over, and nothing else: close its connection, and go on \
             with the others. Does a `?` hand that error on to main?"
        ),
    ))
}

/// Only the last piece of a line has come back.
fn lost_its_beginning(case: &Case<'_>) -> Option<Diagnosis> {
    let Actual::Different { difference } = &case.failure.actual else {
        return None;
    };
    let sent = case.failure.after.as_ref()?;
    if difference.from > 0 || !sent.agrees_at(0, &difference.actual) {
        return None;
    }
    let peer = case.peer();
    Some(Diagnosis::new(
        "forgets-half-a-line",
        format!(
            "{peer} sent a line in two pieces, and only the second came back: your program had thrown the \
             first away. Keep what was received until its newline comes, also when recv is called again, \
             or gives up waiting, in between: the buffer for it lives as long as the connection."
        ),
    ))
}

/// The connection was reset in place of being closed, with half a line sent.
fn was_reset(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::End, Actual::Reset { .. }) = (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let peer = case.peer();
    Some(Diagnosis::new(
        "resets-in-place-of-closing",
        format!(
            "Your program closed {peer}'s connection in time, but with a reset (RST) in place of an orderly \
             end (FIN). The kernel does that where bytes are left in the socket that nobody has received: \
             half a line, too, must be taken out of it with recv (peek leaves it there). It also does so \
             where SO_LINGER is 0: then leave that option alone."
        ),
    ))
}

/// The thread of a client has panicked, which ends the connection and nothing else.
fn a_thread_panicked(case: &Case<'_>) -> Option<Diagnosis> {
    let mut lines = case.evidence().error.iter();
    lines.find(|line| line.contains("panicked at"))?;
    let message = lines.next()?;
    if let Some(todo) = message.strip_prefix("not yet implemented: ") {
        return Some(Diagnosis::new(
            "todo",
            format!(
                "A thread of your program came to a todo!() that is still to be written. Here is what \
                 belongs there: {todo}"
            ),
        ));
    }
    Some(Diagnosis::new(
        "a-thread-panicked",
        format!(
            "A thread of your program panicked: {message}. Handle the error in place of unwrap() or \
             expect(): recv says WouldBlock when it has waited long enough, and ECONNRESET when a client \
             has crashed."
        ),
    ))
}

/// Something came while nothing was due: half a line, or a word of the program's own.
fn echoed_early(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Silence, Actual::TooMuch { extra }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let peer = case.peer();
    let extra = extra.quoted();
    let sent = case.failure.after.as_ref();
    if sent.is_some_and(|sent| sent.agrees_at(0, extra.trim_matches('"').as_bytes())) {
        return Some(Diagnosis::new(
            "echoes-half-a-line",
            format!(
                "Your program sent {extra} back, and {peer}'s line is not complete. Keep what has come \
                 until its newline comes, and send the whole line back then."
            ),
        ));
    }
    Some(Diagnosis::new(
        "words-of-its-own",
        format!(
            "{peer} received {extra}, which is no line of {peer}'s. Nothing but lines goes back: a \
             connection that is closed says enough."
        ),
    ))
}

fn too_early(case: &Case<'_>, ms: u64, idle_ms: u64) -> Diagnosis {
    let peer = case.peer();
    let events = case.transcript.events();
    let of_peer = || events.iter().filter(|event| event.who == peer);
    let made = of_peer().find(|event| matches!(event.what, What::Connects { .. }));
    let mut lines = of_peer().filter(|event| matches!(event.what, What::Sends { .. }));
    let first_line = lines.next();
    let last_line = lines.next_back();
    if let Some(all) = all_at_once(case) {
        return all;
    }
    // The end was `ms` after the last line.
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of a check are few"
    )]
    let (ms, idle) = (ms as f64, idle_ms as f64);
    let passed = |from: Option<&Event>| Some(ms + last_line.or(first_line)?.at_ms - from?.at_ms);
    let is_idle = |passed: f64| (0.9..1.12).contains(&(passed / idle));
    if passed(made).is_some_and(is_idle) {
        return Diagnosis::new(
            "counts-from-accept",
            format!(
                "{peer} has said a line in time, and was cut off IDLE_MS after the connection was made. \
                 Each complete line moves the deadline: when you have sent a line back, set the deadline \
                 to now plus IDLE_MS again. And a timer that was begun earlier must not act any more."
            ),
        );
    }
    Diagnosis::new(
        "closes-too-early",
        format!(
            "Your program closed {peer}'s connection though {peer} could still have said a line in time. \
             The time is the second argument, IDLE_MS, in milliseconds, and each client has its own: \
             is it that time, and this client's?"
        ),
    )
}

/// All connections have ended together.
fn all_at_once(case: &Case<'_>) -> Option<Diagnosis> {
    const TOGETHER_MS: f64 = 50.0;
    let peer = case.peer();
    let events = case.transcript.events();
    let ends = |event: &&Event| matches!(event.what, What::SeesTheEnd | What::SeesReset { .. });
    let own = events.iter().filter(ends).find(|event| event.who == peer)?;
    let together = |event: &&Event| (event.at_ms - own.at_ms).abs() < TOGETHER_MS;
    let mut others = events.iter().filter(ends).filter(|event| event.who != peer);
    others.find(together)?;
    Some(Diagnosis::new(
        "one-timeout-ends-all",
        format!(
            "Your program closed {peer}'s connection together with others, though {peer} could still have \
             said a line in time. When somebody's time is over, close that connection and no other: each \
             has a deadline of its own."
        ),
    ))
}

/// An end that came too late, or a client that is not even accepted.
fn others_come_first(case: &Case<'_>) -> Diagnosis {
    let peer = case.peer();
    Diagnosis::new(
        "waits-for-others",
        format!(
            "{peer}'s time runs from connect, whatever others do. Does your program come to {peer} only \
             when it has done with others? While it waits for one, it must not let the time of the \
             others pass: a thread for each, or a poll that waits until the nearest of all deadlines."
        ),
    )
}

fn too_late(case: &Case<'_>, most_ms: u64) -> Diagnosis {
    let peer = case.peer();
    if case.connection().is_some_and(|socket| socket.queued) {
        return others_come_first(case);
    }
    let for_ever = case.failure.decided_by == DecidedBy::Stall;
    if for_ever && case.waits_on_peer(Waits::ToReceive) {
        return waits_without_limit(case);
    }
    if trickles(case) {
        return Diagnosis::new(
            "each-byte-renews",
            format!(
                "{peer} sends a byte now and then, and never a newline. With each of them your program \
                 begins to wait anew: a timeout says how long one recv may wait, not how long a \
                 line may take. Remember the moment when the time is over, the deadline, and let each \
                 recv wait only for what is left until then."
            ),
        );
    }
    if others_speak(case) {
        return Diagnosis::new(
            "one-timer-for-all",
            format!(
                "While others speak, {peer}'s connection stays open. Does whatever another client says \
                 begin {peer}'s time anew? Keep a deadline for each connection, wait until the nearest of \
                 them, and look at all of them whenever you wake up."
            ),
        );
    }
    if for_ever {
        return Diagnosis::new(
            "keeps-a-handle",
            format!(
                "Your program does not wait for {peer} any more, and {peer}'s connection is still open: it \
                 is closed when the last of its handles is. Is a clone kept in a list, or in another \
                 thread? Drop it, or call shutdown(Shutdown::Both), which ends the connection for all of \
                 them. Shutdown::Read alone sends nothing."
            ),
        );
    }
    Diagnosis::new(
        "closes-too-late",
        format!(
            "{most_ms} ms have passed, twice IDLE_MS, and {peer}'s connection is still open. When the time \
             is over, close it: drop the stream, and every clone of it. Is IDLE_MS taken as milliseconds? \
             What does your program do when recv says that it has waited long enough (WouldBlock)? And is \
             there a deadline after each line, not only before the first?"
        ),
    )
}

fn waits_without_limit(case: &Case<'_>) -> Diagnosis {
    let peer = case.peer();
    let never_spoke = case.transcript.sent(peer).is_empty();
    let when = if never_spoke {
        "The time runs from connect, also for a client that has not said anything yet."
    } else {
        "The time runs again from each complete line."
    };
    Diagnosis::new(
        "waits-without-limit",
        format!(
            "Your program waits in recv for {peer}, without any limit: it will never look at the clock \
             again. {when} Before each recv, give set_read_timeout what is left until the deadline; recv \
             then says WouldBlock when it has waited long enough."
        ),
    )
}

/// Whether this peer has gone on sending, and no line.
fn trickles(case: &Case<'_>) -> bool {
    let sent = case.transcript.sent(case.peer());
    let went_on =
        |event: &Event| event.who == case.peer() && matches!(event.what, What::Note { .. });
    sent.last().is_some_and(|piece| piece.len == 1) && case.transcript.events().iter().any(went_on)
}

/// Whether another peer has received a line.
fn others_speak(case: &Case<'_>) -> bool {
    let events = case.transcript.events();
    events
        .iter()
        .any(|event| event.who != case.peer() && matches!(event.what, What::Receives { .. }))
}
