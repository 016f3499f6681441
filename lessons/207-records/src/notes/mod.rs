//! What a wrong or missing answer means in this lesson: the general rules know nothing of lines and JSON.

mod connection;
mod json;
mod limit;
mod line;

use harness::diagnosis::Note;

/// In the order in which they are asked.
pub(crate) const ALL: &[Note] = &[limit::note, line::note, connection::note, json::note];
