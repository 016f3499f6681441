//! What a line is.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::Actual;

/// What must not come after input that ended in the middle of a line.
pub(crate) const AFTER_HALF_A_LINE: &str = "nothing more after half a line";

// What kind of line a peer waits to be answered.
pub(crate) const EMPTY: &str = "an empty line";
pub(crate) const CR_LF: &str = "a line that ends with CR LF";
pub(crate) const WHITE_SPACE: &str = "a line with white space around it";
pub(crate) const NO_TEXT: &str = "a line that is no UTF-8";
pub(crate) const LONG: &str = "a line of 64 KiB";
pub(crate) const A_BYTE_A_SEGMENT: &str = "a line that came a byte a segment";
pub(crate) const TOGETHER: &str = "300 that came together";

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let about = case.failure.about.as_deref()?;
    let is_about = |kind| about.ends_with(kind);
    let meaning = match &case.failure.actual {
        Actual::TooMuch { .. } if about == AFTER_HALF_A_LINE => {
            "The input ended in the middle of a line, and your program answered the part that it had. A \
             line ends with a newline. read_until and lines() also return what comes before the end of \
             input: look whether the last byte is a newline."
        }
        Actual::Nothing { .. } if is_about(EMPTY) => {
            "An empty line is a line: it counts, and its answer is the number, a space and a newline. \
             The end of input is not an empty line: there recv brings nothing at all, not even a \
             newline."
        }
        _ if is_about(CR_LF) => {
            "The carriage return before the newline belongs to the line, as any byte does, and has to \
             come back. lines() takes it away, and trim() takes more. Read with read_until(b'\\n', …), \
             and send the bytes as they came."
        }
        _ if is_about(WHITE_SPACE) => {
            "White space at both ends belongs to the line. trim() takes it away: send the bytes as \
             they came."
        }
        Actual::Ended { .. } | Actual::Reset { .. } if is_about(NO_TEXT) => {
            "These bytes are no UTF-8, and your program left the connection. lines(), read_line and \
             String take bytes for text, and say so with an error where they are none. Read a \
             Vec<u8> with read_until(b'\\n', …)."
        }
        Actual::Ended { .. } | Actual::Reset { .. } | Actual::Nothing { .. } if is_about(LONG) => {
            "A line may have 65,536 bytes with its newline. Your program has room for fewer. Let the \
             buffer grow while the line goes on (read_until does), up to that."
        }
        _ if is_about(A_BYTE_A_SEGMENT) => {
            "What one recv brings is not a line. It may be a part of one, or several. Collect what comes \
             until there is a newline. BufReader and read_until do that, with one BufReader for the \
             whole connection."
        }
        _ if is_about(TOGETHER) => {
            "Many lines may come with one recv. Answer each of them, and keep what is left for the next \
             time. BufReader does that, if there is one for the whole connection."
        }
        _ => return None,
    };
    Some(Diagnosis::new("a-line", meaning).section("A line is bytes up to a newline"))
}
