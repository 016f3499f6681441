//! A thread that panicked, in a program that goes on.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::Actual;

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let (Actual::Ended { .. } | Actual::Reset { .. }) = &case.failure.actual else {
        return None;
    };
    // The line after the one that says where (`std::panic`'s default hook); of several panics the
    // last, which is that of the thread whose connection has just ended.
    let printed = &case.evidence().error;
    let place = printed
        .iter()
        .rposition(|line| line.contains("panicked at "))?;
    let message = printed.get(place + 1)?;
    let peer = case.peer();
    let cause = if message.contains("PoisonError") {
        "Another thread has panicked before, with a lock in hand: the lock is poisoned, and everybody who \
         unwraps what lock() returns panics, too. Handle the error of the first one, and it will not \
         come to that."
    } else {
        "Handle the error in place of unwrap(), and look why it came to this."
    };
    Some(
        Diagnosis::new(
            "a-thread-panicked",
            format!(
                "The thread that served {peer} has panicked: \"{message}\". That ended the thread and \
                 with it {peer}'s connection; the program goes on. {cause}"
            ),
        )
        .section("When one of them crashes"),
    )
}
