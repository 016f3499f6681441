//! What this lesson knows about failures, before the general table is asked.

use harness::diagnosis::Note;

pub(crate) const NOTES: &[Note] = &[];
