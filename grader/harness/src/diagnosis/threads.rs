//! Threads that were started and never ended.

use super::{Case, Diagnosis};
use crate::evidence::Waits;
use crate::failure::{Actual, Expected};
use crate::payload::plural;

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Threads { most }, Actual::Threads { alive }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let more = plural(alive.saturating_sub(*most), "thread");
    let threads = &case.evidence().threads;
    let others = threads.iter().skip(1);
    let run = others.clone().filter(|t| t.waits == Waits::Not).count();
    let why = match others.map(|thread| thread.waits).next_back() {
        _ if run > 0 => {
            "They run though their clients have left. recv returns 0 at the end, and 0 again each time: \
             leave the loop."
        }
        Some(Waits::ForThread) => {
            "They wait for another thread: for a lock, a channel, a condition, that nobody gives them."
        }
        Some(Waits::ToReceive) => {
            "They wait in recv for clients that have left. A connection that is over says so once, with \
             0 or an error; and one that was copied (try_clone, dup) is not closed for the other end \
             before its last copy is."
        }
        _ => "Whatever they wait for does not come.",
    };
    Some(Diagnosis::new(
        "leaks-threads",
        format!(
            "Its clients have left, and your program has {more} more than it should have. {why} A thread \
             ends when its function returns; each one that stays keeps its stack, and a machine has \
             room for only so many."
        ),
    ))
}
