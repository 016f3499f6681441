//! A transcript in which nothing is chance: what several peers hear while nobody acts is put into the
//! order in which these peers came, and behind what is said of another peer meanwhile. Which of them
//! hears it first is for the kernel to say.

use std::mem;

use harness::Role;
use harness::outcome::{CheckOutcome, Outcome};
use harness::transcript::{Event, What};

/// The same outcome, in a fixed order.
pub(crate) fn in_order(mut outcome: CheckOutcome, role: Role) -> CheckOutcome {
    if let Outcome::Failed(report) = &mut outcome.outcome {
        report.transcript = sorted(mem::take(&mut report.transcript), role);
    }
    outcome
}

fn sorted(mut events: Vec<Event>, role: Role) -> Vec<Event> {
    let mut peers: Vec<String> = Vec::new();
    for event in &events {
        if !peers.contains(&event.who) {
            peers.push(event.who.clone());
        }
    }
    for heard in events.chunk_by_mut(|a, b| is_heard(a) && is_heard(b)) {
        heard.sort_by_key(|event| peers.iter().position(|peer| *peer == event.who));
    }
    notes_first(&mut events);
    // A client's end is often what its server waits for before it sends.
    if role == Role::Server {
        ends_last(&mut events);
    }
    let mut joined: Vec<Event> = Vec::new();
    for event in events {
        let last = joined.last_mut().filter(|last| last.who == event.who);
        if !last.is_some_and(|last| continues(&mut last.what, &event.what)) {
            joined.push(event);
        }
    }
    joined
}

/// A note is made when the grader begins something that goes on, and waits for nobody.
fn notes_first(events: &mut [Event]) {
    for end in 1..events.len() {
        let mut at = end;
        while at > 0
            && matches!(events[at].what, What::Note { .. })
            && is_passive(&events[at - 1])
            && events[at].who != events[at - 1].who
        {
            events.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// Whether a connection that the program has just closed is seen to end before its peer sends, or after.
fn ends_last(events: &mut [Event]) {
    for at in 1..events.len() {
        let ended = matches!(
            events[at - 1].what,
            What::SeesTheEnd | What::SeesReset { .. }
        );
        let sends = matches!(events[at].what, What::Sends { .. });
        if ended && sends && events[at].who == events[at - 1].who {
            events.swap(at - 1, at);
        }
    }
}

/// What comes of itself: what a peer hears, and what the program prints and how it ends.
fn is_passive(event: &Event) -> bool {
    let of_program = matches!(
        event.what,
        What::Prints { .. } | What::PrintsBytes { .. } | What::Exits { .. }
    );
    is_heard(event) || of_program
}

fn is_heard(event: &Event) -> bool {
    matches!(
        event.what,
        What::Receives { from: None, .. } | What::SeesTheEnd | What::SeesReset { .. }
    )
}

/// Pieces of one stream that now stand side by side are one.
fn continues(last: &mut What, next: &What) -> bool {
    let (
        What::Receives {
            payload,
            from: None,
        },
        What::Receives {
            payload: more,
            from: None,
        },
    ) = (last, next)
    else {
        return false;
    };
    payload.append(more);
    true
}
