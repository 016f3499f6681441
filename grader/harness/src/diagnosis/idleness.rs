//! A program that works though there is nothing to do.

use super::{Case, Diagnosis};
use crate::evidence::Waits;
use crate::failure::{Actual, Expected};

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Idleness { .. }, Actual::Busy { percent }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    // A loop that asks and sleeps in turn is seen in its sleep.
    let short = case.thread(Waits::Otherwise).and(case.thread(Waits::Not));
    let how = if short.is_some() {
        "It seems to look again and again, with short pauses."
    } else {
        "There is a loop that never waits."
    };
    Some(Diagnosis::new(
        "works-for-nothing",
        format!(
            "Nobody sends anything, and your program uses {percent} % of a processor. {how} Wait for \
             readiness with one call that has all descriptors (poll, epoll_wait) and no short time \
             limit; ask for writability only while there is something to send, since a socket is \
             nearly always writable; and forget a connection that has ended, since that one is always \
             readable."
        ),
    ))
}
