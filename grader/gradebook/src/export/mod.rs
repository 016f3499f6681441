//! A class in the forms that other systems read. One file a system; each names what it is held to, and
//! what could not be confirmed:
//!
//! | system | held to |
//! |---|---|
//! | Gradescope | its published specification |
//! | PrairieLearn | its published documentation, and its own reader |
//! | Autolab | its published documentation, and its own reader |
//! | CodeGrade | what its own reporter writes; its reader and its schema are not public |
//! | JUnit | the schema of Jenkins's xUnit plugin |
//! | Canvas | its own writer and reader |
//! | Moodle | its own reader |
//! | CSV, JSON | our own: RFC 4180 and RFC 8259 |
//!
//! None of them was tried on the systems themselves.

mod autolab;
mod canvas;
mod codegrade;
mod gradescope;
mod json;
mod junit;
mod moodle;
mod prairielearn;
mod table;
mod template;

use crate::class::{Class, LessonMark, Student};
use crate::record::{CheckRecord, CheckResult, GradingResult};

pub use autolab::scores as autolab;
pub use canvas::grades as canvas;
pub use codegrade::messages as codegrade;
pub use gradescope::results as gradescope;
pub use json::class as json;
pub use junit::report as junit;
pub use moodle::grades as moodle;
pub use prairielearn::results as prairielearn;
pub use table::class as csv;

/// An instructor's own file, filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The file.
    pub text: String,
    /// What an instructor should know before it is handed over, a line each.
    pub notes: Vec<String>,
}

/// What cannot be exported, and why.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The system grades one student at a time.
    #[error("this format is of one student: say which with --student ID (there are {0})")]
    OneStudent(usize),
    /// There is nothing to hand over.
    #[error("{student} has no mark: {reason}")]
    NoMark {
        /// The student's id.
        student: String,
        /// Why.
        reason: String,
    },
    /// The instructor's own file lacks a column.
    #[error(
        "the template has no column \"{column}\". Columns are only filled, never added; it has: {has}"
    )]
    NoColumn {
        /// The one that is wanted.
        column: String,
        /// Those that are there.
        has: String,
    },
    /// The instructor's own file holds nobody.
    #[error("no student of the gradebook stands in the template: {hint}")]
    NoStudents {
        /// What to look at.
        hint: String,
    },
    /// More than one column could be meant.
    #[error(
        "it is not clear which column is which: {0}. Take the columns that are not meant out of the \
         template, or name the lesson with --lesson"
    )]
    Unclear(String),
    /// Moodle passes over a grade above its maximum without a word.
    #[error(
        "{student} has {mark}, and Moodle's maximum is {maximum}: it would leave that grade out. Raise the \
         maximum there, or give the lesson a weight in course.toml"
    )]
    TooMuch {
        /// The student's id.
        student: String,
        /// The mark, as it is shown.
        mark: String,
        /// What the template says.
        maximum: String,
    },
    /// It is no CSV file.
    #[error("the template cannot be read: {0}")]
    Template(#[from] csv::Error),
    /// It cannot be written.
    #[error("cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// What a student may read about a check: its report, or why there is none. Nothing of a hidden one.
fn words(check: &CheckRecord) -> String {
    let words = match check.result {
        CheckResult::Passed => None,
        CheckResult::Failed => check.report.as_ref().or(check.headline.as_ref()),
        CheckResult::Skipped | CheckResult::GraderError => check.reason.as_ref(),
    };
    words.cloned().unwrap_or_default()
}

/// The beginning of `words`, of at most so many bytes: platforms have limits.
fn short(words: &str, most: usize) -> &str {
    let boundaries = words.char_indices().map(|(at, _)| at);
    let end = boundaries
        .chain([words.len()])
        .take_while(|&at| at <= most)
        .last();
    &words[..end.unwrap_or(0)]
}

/// The lessons that this student has a mark for, in order. One that met an error of the grader leaves the
/// whole open: nothing is handed over that might be read as a zero.
fn marks<'a>(
    class: &Class,
    student: &'a Student,
) -> Result<Vec<(String, &'a LessonMark)>, ExportError> {
    if let Some((lesson, reason)) = student.errors.iter().next() {
        return Err(ExportError::NoMark {
            student: student.id.clone(),
            reason: format!("the grader met an error of its own at {lesson}: {reason}"),
        });
    }
    let marks: Vec<_> = class
        .course
        .lessons
        .iter()
        .filter_map(|lesson| Some((lesson.slug.clone(), student.lessons.get(&lesson.slug)?)))
        .collect();
    if marks.is_empty() {
        return Err(ExportError::NoMark {
            student: student.id.clone(),
            reason: "nothing was handed in".into(),
        });
    }
    Ok(marks)
}

/// How a check is called where several lessons stand side by side.
fn name(lesson: &str, check: &str) -> String {
    format!("{lesson}: {check}")
}

/// Whether a program ran.
fn is_graded(mark: &LessonMark) -> bool {
    mark.grading.record.result == GradingResult::Graded
}
