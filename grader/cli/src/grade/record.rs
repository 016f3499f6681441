//! From outcomes to what the gradebook keeps, and back to what `--format json` prints.

use gradebook::{CheckRecord, CheckResult};
use harness::Lesson;
use harness::outcome::{CheckOutcome, Outcome};
use harness::report::{self, Reading};
use serde_json::{Map, Value, json};

/// What the gradebook keeps of a check.
pub(crate) fn of_check(lesson: &Lesson, seed: u64, check: &CheckOutcome) -> CheckRecord {
    let mut record = CheckRecord::passed(check.name, check.max_points);
    record.duration_ms = (check.duration.as_secs_f64() * 10_000.0).round() / 10.0;
    record.points = check.points();
    let reading = Reading {
        colour: false,
        again: format!("cargo test -p {} {{check}}", lesson.slug),
        seed,
    };
    match &check.outcome {
        Outcome::Passed => {}
        Outcome::Skipped(reason) => {
            record.result = CheckResult::Skipped;
            record.reason = Some(reason.clone());
        }
        Outcome::GraderError(reason) => {
            record.result = CheckResult::GraderError;
            record.reason = Some(reason.clone());
        }
        Outcome::Failed(failed) => {
            record.result = CheckResult::Failed;
            record.headline = Some(failed.headline.clone());
            record.report = Some(report::text(lesson, check, &reading));
            if let Ok(Value::Object(mut failure)) = serde_json::to_value(failed) {
                failure.remove("headline");
                record.evidence = failure.remove("evidence");
                record.diagnosis = failure.remove("diagnosis");
                record.transcript = failure.remove("transcript");
                record.failure = Some(Value::Object(failure));
            }
        }
    }
    record
}

/// The same check, as JSON has it.
pub(crate) fn as_json(check: &CheckRecord) -> Value {
    let failure = check.failure.as_ref().map(|failure| {
        let mut whole = failure.as_object().cloned().unwrap_or_else(Map::new);
        let parts = [
            ("headline", check.headline.clone().map(Value::from)),
            ("evidence", check.evidence.clone()),
            ("diagnosis", check.diagnosis.clone()),
            ("transcript", check.transcript.clone()),
        ];
        for (name, part) in parts {
            whole.insert(name.into(), part.unwrap_or_default());
        }
        Value::Object(whole)
    });
    let decided_by = match (&failure, check.result) {
        (Some(failure), _) => failure["decided_by"].clone(),
        (None, CheckResult::Passed) => "observation".into(),
        _ => Value::Null,
    };
    let mut row = json!({
        "name": check.name,
        "outcome": check.result.name(),
        "points": check.points,
        "max_points": check.max_points,
        "duration_ms": check.duration_ms,
        "decided_by": decided_by,
        "failure": failure,
    });
    if let Some(reason) = &check.reason {
        row["reason"] = reason.as_str().into();
    }
    row
}
