//! The longest line there may be.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};

use crate::{A_BYTE_TOO_LONG, LONGEST, TOO_LONG};

const SECTION: &str = "How long is a line?";

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    let sent = case.failure.after.as_ref();
    let longest_sent = sent.is_some_and(|sent| sent.len == LONGEST + 1);
    let (rule, meaning) = match (&case.failure.expected, &case.failure.actual) {
        (Expected::Answer { what }, Actual::Other { .. }) if what.contains(A_BYTE_TOO_LONG) => (
            "takes-a-byte-too-much",
            "This line has one byte more than a line may have, and your program took it, since its newline \
             had come by then. Look at the length of every line, not only at what still waits for its \
             newline: how much one recv brings is chance, and must not decide what is allowed.",
        ),
        (Expected::Answer { what }, actual)
            if what.contains(TOO_LONG) || what.contains(A_BYTE_TOO_LONG) =>
        {
            instead_of_error(actual)?
        }
        (Expected::End, Actual::Nothing { .. }) if longest_sent => (
            "goes-on-after-too-long-a-line",
            "Your program has answered the error and keeps the connection. But where that line ends it \
             cannot know without reading all of it. Close the connection after this error; it is the \
             only one that ends it.",
        ),
        (Expected::Answer { .. }, _) if longest_sent => (
            "allows-too-little",
            "This line has exactly 65,536 bytes and its newline, and that is allowed: the newline does \
             not count. Only one byte more is too many.",
        ),
        (Expected::Fact { what }, _) if what.contains("memory") => (
            "keeps-what-follows",
            "Your program has said that the line is too long, and still keeps what the client goes on \
             sending. A fast client always has more. Close, or throw away what comes: nothing that a \
             client can make longer may be kept without a limit.",
        ),
        _ => return None,
    };
    Some(Diagnosis::new(rule, meaning).section(SECTION))
}

fn instead_of_error(actual: &Actual) -> Option<(&'static str, &'static str)> {
    match actual {
        Actual::Nothing { .. } => Some((
            "never-bounds-a-line",
            "65,537 bytes have come without a newline, and your program keeps them and waits for more. A \
             client that never ends its line would fill your memory. So stop at the limit: answer an \
             error and close. In Rust, read_until on reader.take(65_537) never brings more than that.",
        )),
        Actual::Ended { .. } | Actual::Reset { .. } => Some((
            "closes-without-a-word",
            "Your program closed the connection when the line had become too long, and the client does \
             not know why. Send the error first, then close.",
        )),
        _ => None,
    }
}
