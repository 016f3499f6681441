//! What is written down.

use serde_json::Value;

/// What one student has handed in for one lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The student's id.
    pub student: String,
    /// The lesson's slug.
    pub lesson: String,
    /// The hash of what counts in it.
    pub content: String,
    /// When it was handed in, in ms since 1970, UTC, as far as file times tell.
    pub received: i64,
    /// Where it was found, in words.
    pub source: String,
}

/// What makes two gradings the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The lesson's slug.
    pub lesson: String,
    /// The hash of what was handed in.
    pub content: String,
    /// The hash of what the lesson asks for.
    pub lesson_version: String,
    /// The grader's version.
    pub grader_version: String,
    /// Where the programs met their clients: not every check can run everywhere.
    pub arena: String,
    /// The box in which the program ran: a mark from a weaker one is not worth as much.
    pub boxed: String,
}

/// What came of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GradingResult {
    /// It has points.
    Graded,
    /// There is no program to run.
    Ungradable,
    /// The grader could not do its part. Never a mark.
    GraderError,
}

impl GradingResult {
    /// As it stands in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Graded => "graded",
            Self::Ungradable => "ungradable",
            Self::GraderError => "grader_error",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "graded" => Self::Graded,
            "ungradable" => Self::Ungradable,
            _ => Self::GraderError,
        }
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckResult {
    /// All that was expected came.
    Passed,
    /// The program did something else.
    Failed,
    /// The machine could not run it.
    Skipped,
    /// The grader could not do its part.
    GraderError,
}

impl CheckResult {
    /// As it stands in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::GraderError => "grader_error",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "passed" => Self::Passed,
            "failed" => Self::Failed,
            "skipped" => Self::Skipped,
            _ => Self::GraderError,
        }
    }
}

/// The outcome of one check.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckRecord {
    /// The check's name.
    pub name: String,
    /// What came of it.
    pub result: CheckResult,
    /// The points that it gave.
    pub points: u32,
    /// What it is worth.
    pub max_points: u32,
    /// How long it took, in ms.
    pub duration_ms: f64,
    /// What happened, in one sentence.
    pub headline: Option<String>,
    /// What was expected and what came.
    pub failure: Option<Value>,
    /// What the kernel knew.
    pub evidence: Option<Value>,
    /// What it means.
    pub diagnosis: Option<Value>,
    /// What happened, in order.
    pub transcript: Option<Value>,
    /// Why it was skipped, or what went wrong on the grader's side.
    pub reason: Option<String>,
    /// The full report, as a student reads it.
    pub report: Option<String>,
}

impl CheckRecord {
    /// A check that passed.
    pub fn passed(name: &str, points: u32) -> Self {
        Self {
            name: name.to_owned(),
            result: CheckResult::Passed,
            points,
            max_points: points,
            duration_ms: 0.0,
            headline: None,
            failure: None,
            evidence: None,
            diagnosis: None,
            transcript: None,
            reason: None,
            report: None,
        }
    }

    /// A check that failed, with its report.
    pub fn failed(name: &str, max_points: u32, headline: &str, report: &str) -> Self {
        Self {
            result: CheckResult::Failed,
            points: 0,
            headline: Some(headline.to_owned()),
            report: Some(report.to_owned()),
            ..Self::passed(name, max_points)
        }
    }
}

/// One grading.
#[derive(Clone, Debug, PartialEq)]
pub struct GradingRecord {
    /// What makes it this grading.
    pub identity: Identity,
    /// Where the random data came from.
    pub seed: u64,
    /// The machine that graded.
    pub machine: String,
    /// When it began, in ms since 1970, UTC.
    pub started: i64,
    /// How long it took, in ms.
    pub duration_ms: f64,
    /// What came of it.
    pub result: GradingResult,
    /// Why there is nothing to grade, or what went wrong on the grader's side.
    pub reason: Option<String>,
    /// The points.
    pub points: u32,
    /// What the lesson is worth.
    pub max_points: u32,
    /// The outcome of each check.
    pub checks: Vec<CheckRecord>,
}
