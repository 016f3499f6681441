//! One member reads nothing: who waits with it.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::Waits;
use harness::failure::Expected;

use super::{NEXT, WHOLE_LINES, nothing_came};

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    let diagnosis = match &case.failure.expected {
        Expected::Fact { what } | Expected::Answer { what } if what == WHOLE_LINES => {
            Diagnosis::new(
                "half-a-line",
                "After a while slow reads again, and finds lines that are broken off: send has taken less than \
             it was given, and your program has forgotten the rest. A non-blocking send says how many \
             bytes it has taken. Keep the others and send them first, when there is room again. You may \
             leave out messages for a member who has more than 1 MiB to read, but only whole ones.",
            )
        }
        Expected::Answer { what } if what == NEXT && nothing_came(case) => delayed(case)?,
        _ => return None,
    };
    Some(diagnosis.section("An outbox for each member"))
}

/// Somebody who reads has to wait for one who does not.
fn delayed(case: &Case<'_>) -> Option<Diagnosis> {
    const SLOW: &str = "slow's connection";
    let threads = &case.evidence().threads;
    let sender = threads
        .iter()
        .find(|t| t.waits == Waits::ToSend && t.on.as_deref() == Some(SLOW))?;
    let receives = |who: &str| {
        let on = format!("{who}'s connection");
        let mut threads = threads.iter();
        threads.any(|t| t.waits == Waits::ToReceive && t.on.as_deref() == Some(&on))
    };
    let start = format!(
        "slow reads nothing, so the buffers on the way to it are full: {} waits in send() until it reads. ",
        sender.who
    );
    let queues = threads.iter().any(|t| t.waits == Waits::ForThread);
    let (rule, what) = if receives("alice") {
        (
            "one-sender-for-all",
            "It sends to the others, too, and they wait with it. Each member needs a thread of its own \
             that sends, or non-blocking sockets.",
        )
    } else if queues {
        (
            "waits-for-room-in-a-queue",
            "That is as it should be. But the queue before it is full as well, and the thread that \
             receives from alice waits for room in it. Putting a line into a member's queue must never \
             wait: where 1 MiB waits already, drop the member or the message (try_send).",
        )
    } else {
        (
            "waits-for-the-slowest",
            "It is the thread that receives from alice, and so nobody hears alice any more. A thread that \
             receives must not send to others: give each member a queue, and a thread of its own that \
             sends what is in there; or make the sockets non-blocking. Over 1 MiB in a queue you may drop \
             the member, or messages.",
        )
    };
    Some(Diagnosis::new(rule, start + what))
}
