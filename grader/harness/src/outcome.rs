//! What came of a check, and of all checks of a lesson together.

use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::capability::Capability;
use crate::diagnosis::Diagnosis;
use crate::failure::{DecidedBy, Failure};
use crate::transcript::Event;

/// What came of a check.
#[derive(Debug)]
pub enum Outcome {
    /// All that was expected came.
    Passed,
    /// The program did something else.
    Failed(Box<Report>),
    /// This machine cannot run the check: the reason.
    Skipped(String),
    /// The grader could not do its part: what went wrong. Never a mark.
    GraderError(String),
}

/// All that is known about a failure.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What happened, in one sentence.
    pub headline: String,
    /// What was expected, what came, and the evidence.
    #[serde(flatten)]
    pub failure: Failure,
    /// What it means.
    pub diagnosis: Diagnosis,
    /// What happened, in order.
    pub transcript: Vec<Event>,
}

/// The outcome of one check, with its name and points.
#[derive(Debug)]
pub struct CheckOutcome {
    /// The check's name.
    pub name: &'static str,
    /// What it is worth.
    pub max_points: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took.
    pub duration: Duration,
    /// What its programs were given over the check's own network.
    pub capabilities: &'static [Capability],
}

impl CheckOutcome {
    /// The points that were gained.
    pub fn points(&self) -> u32 {
        match self.outcome {
            Outcome::Passed => self.max_points,
            _ => 0,
        }
    }

    /// Whether it passed.
    pub fn passed(&self) -> bool {
        matches!(self.outcome, Outcome::Passed)
    }

    /// The failure, if it failed.
    pub fn report(&self) -> Option<&Report> {
        match &self.outcome {
            Outcome::Failed(report) => Some(report),
            _ => None,
        }
    }
}

impl Serialize for CheckOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a> {
            name: &'a str,
            outcome: &'a str,
            points: u32,
            max_points: u32,
            duration_ms: f64,
            decided_by: Option<DecidedBy>,
            failure: Option<&'a Report>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            capabilities: &'a [Capability],
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'a str>,
        }
        let (outcome, reason) = match &self.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::Failed(_) => ("failed", None),
            Outcome::Skipped(reason) => ("skipped", Some(reason.as_str())),
            Outcome::GraderError(reason) => ("grader_error", Some(reason.as_str())),
        };
        let decided_by = match &self.outcome {
            Outcome::Passed => Some(DecidedBy::Observation),
            Outcome::Failed(report) => Some(report.failure.decided_by),
            _ => None,
        };
        Row {
            name: self.name,
            outcome,
            points: self.points(),
            max_points: self.max_points,
            duration_ms: (self.duration.as_secs_f64() * 10_000.0).round() / 10.0,
            decided_by,
            failure: self.report(),
            capabilities: self.capabilities,
            reason,
        }
        .serialize(serializer)
    }
}
