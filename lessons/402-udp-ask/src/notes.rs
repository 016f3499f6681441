//! What only this lesson can say about a failure.

use harness::diagnosis::Note;

use crate::asking::Try;

/// The rules of this lesson, asked in order.
pub(crate) const NOTES: &[Note] = &[];

/// How the second try differs from the first, in words that go on after "but".
pub(crate) fn other_try(first: &Try, second: &Try) -> &'static str {
    if second.bytes[2..] == first.bytes[2..] {
        NEW_ID
    } else {
        "something else differs"
    }
}

pub(crate) const NEW_ID: &str = "it has another id";
pub(crate) const ANOTHER_PORT: &str = "the second came from another port than the first";
pub(crate) const SAME_ID: &str = "it was the same four times";
