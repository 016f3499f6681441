//! Evidence in which no amount is chance: how much lies in a full socket is for the kernel to say, and a
//! number that is a digit longer would break a line elsewhere. What is much is always as much here.

use harness::outcome::{CheckOutcome, Outcome};

/// What is no word of a few letters any more.
const MUCH: u32 = 1_000;
/// What stands in the place of every such amount, before lines are broken.
const AS_MUCH: u32 = 100_000;

/// The same outcome, with fixed amounts.
pub(crate) fn fixed(mut outcome: CheckOutcome) -> CheckOutcome {
    if let Outcome::Failed(report) = &mut outcome.outcome {
        let sockets = report.failure.evidence.sockets.iter_mut();
        for socket in sockets.filter(|socket| !socket.listens) {
            for amount in [&mut socket.unread, &mut socket.unsent] {
                if *amount >= MUCH {
                    *amount = AS_MUCH;
                }
            }
        }
    }
    outcome
}
