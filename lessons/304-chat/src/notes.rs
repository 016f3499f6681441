//! What only this lesson can say about a failure.

use harness::diagnosis::Note;

/// What a client waits for that was not asked yet.
pub(crate) const QUESTION: &str = "the question for its name";
/// What a newcomer waits for.
pub(crate) const LIST: &str = "the list of those present";
/// What a client waits for whose name is refused.
pub(crate) const AN_ERROR: &str = "a line that begins with \"error: \"";
/// What a member who has not read for a while expects.
pub(crate) const WHOLE_LINES: &str = "whole lines, in the order in which they were said";

/// In the order in which they are asked.
pub(crate) const ALL: &[Note] = &[];
