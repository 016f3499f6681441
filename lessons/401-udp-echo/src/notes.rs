//! What only this lesson can say about a failure.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};

/// A datagram was answered, and another with the same bytes was not.
pub(crate) fn same_again(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Datagram { payload }, Actual::Nothing { .. }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let sent = case.transcript.sent(case.peer());
    let same = sent.iter().filter(|sent| sent.shown == payload.shown);
    let is_running = case.evidence().exit.is_none();
    (same.count() > 1 && is_running).then(|| {
        Diagnosis::new(
            "same-again",
            format!(
                "{} sent the same bytes twice, in two datagrams, and got one answer. Two datagrams are two, \
                 whatever is in them: perhaps the first answer was lost. Remember nothing of what came \
                 before; answer each.",
                case.peer()
            ),
        )
    })
}
