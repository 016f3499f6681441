//! The gradebook: one SQLite file that remembers who handed in what, how it was graded, and which marks
//! came of it. Nothing in it is overwritten: a re-grading is a new row.
//!
//! It knows nothing of lessons or programs: [`Course`] tells it what the course asks for, and reports
//! come to it as text. From a gradebook and a course comes a [`Class`], and from a class the [`export`]s
//! and the [`site`].

#![forbid(unsafe_code)]

mod book;
mod changes;
mod class;
mod count;
mod course;
pub mod export;
mod read;
mod record;
mod schema;
mod scheme;
pub mod site;
mod write;

pub use book::{Error, Gradebook};
pub use changes::Change;
pub use class::{Class, Lateness, LessonMark, Student};
pub use count::Count;
pub use course::{Course, CourseCheck, CourseLesson};
pub use read::{Grading, History};
pub use record::{CheckRecord, CheckResult, GradingRecord, GradingResult, Identity, Submission};
pub use scheme::{Scheme, SchemeError};
pub use write::Stored;
