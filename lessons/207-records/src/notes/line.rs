//! Where a line ends, and what comes after it.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};
use harness::transcript::What;

const SECTION: &str = "The end of a line";

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    let (rule, meaning) = match (&case.failure.expected, &case.failure.actual) {
        (Expected::Silence, Actual::TooMuch { .. }) if has_ended_sending(case) => (
            "answers-an-unfinished-line",
            "The client ended in the middle of a line, and your program answered that line. Without its \
             newline nobody knows whether it is complete: what was to be [1,25] may have come as far as \
             [1,2. Answer a line only if a newline ends it. BufRead::lines() hides the difference; \
             read_until and read_line keep the newline, so that you can look for it."
                .to_owned(),
        ),
        (Expected::Silence, Actual::TooMuch { .. }) => (
            "takes-a-piece-for-a-line",
            "Half a line had come, and your program answered it. A recv brings what has arrived: a part \
             of a line, a line, or several lines. Collect bytes until there is a newline among them, and \
             answer then."
                .to_owned(),
        ),
        (
            Expected::Answer { .. },
            Actual::Nothing { received } | Actual::Ended { received } | Actual::Reset { received },
        ) if received.len > 0 => (
            "answers-without-a-newline",
            format!(
                "Your program sent {} and no newline after it. To the other side a line is over at its \
                 newline and not before: end each answer with \\n.",
                received.quoted()
            ),
        ),
        (Expected::Answer { .. }, Actual::Nothing { .. } | Actual::Other { .. })
            if sent_several_lines(case) =>
        {
            (
                "forgets-the-next-lines",
                "One segment brought many lines, and your program has lost some of them. What a recv \
                 brings beyond the first newline belongs to the next lines, and no recv will bring it \
                 again. Keep it: one buffer for each connection, made before the loop. A BufReader is \
                 such a buffer; a new one for each line throws away what the last had read ahead."
                    .to_owned(),
            )
        }
        _ => return None,
    };
    Some(Diagnosis::new(rule, meaning).section(SECTION))
}

fn has_ended_sending(case: &Case<'_>) -> bool {
    let events = case.transcript.events();
    events.iter().any(|event| event.what == What::EndsSending)
}

fn sent_several_lines(case: &Case<'_>) -> bool {
    let sent = case.failure.after.as_ref();
    sent.is_some_and(|sent| sent.cut && sent.shown.contains("\\n"))
}
