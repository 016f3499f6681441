//! Autolab: the last line of what an autograder prints.
//!
//! Held to "Guide for lab authors", section "Writing autograders", in Autolab's documentation
//! (<https://docs.autolabproject.com/lab/>): one line of JSON, an object `scores` from the name of a
//! problem to its score; and to how Autolab reads it (`saveAutograde` and `parseAutoresult` in
//! `app/helpers/assessment_autograde_core.rb`, <https://github.com/autolab/Autolab>): it puts quotation marks
//! around a bare word before a colon, and an assessment without a problem of that name is an error. So the
//! assessment needs a problem for each lesson, called by its slug.

use serde_json::{Map, Value, json};

use super::{ExportError, marks};
use crate::class::{Class, Student};

/// The line: `{"scores":{"echo":19.0}}`; one problem a lesson.
pub fn scores(class: &Class, student: &Student) -> Result<String, ExportError> {
    let scores: Map<String, Value> = marks(class, student)?
        .into_iter()
        .filter_map(|(lesson, _)| {
            let mark = class.mark(student, &lesson)?;
            Some((lesson, mark.into()))
        })
        .collect();
    Ok(json!({ "scores": scores }).to_string())
}
