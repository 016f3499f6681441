//! Gradescope: `results.json`.
//!
//! Held to "Autograder Specifications", section "Output Format", in Gradescope's documentation
//! (<https://gradescope-autograders.readthedocs.io/en/latest/specs/>; older ones in `docs/specs.md` of
//! <https://github.com/gradescope/autograder_samples>). `visibility` of a test is one of `hidden`,
//! `after_due_date`, `after_published`, `visible`; `status` is `passed` or `failed`; a `score` at the top
//! counts in place of the tests' sum. There is no JSON schema for it. Where a test is hidden, Gradescope
//! may keep the total from students as well.

use serde_json::{Value, json};

use super::{ExportError, marks, name, words};
use crate::class::{Class, Student};
use crate::record::{CheckResult, GradingResult};

/// What Gradescope reads from `/autograder/results/results.json`.
pub fn results(class: &Class, student: &Student) -> Result<Value, ExportError> {
    let mut tests = Vec::new();
    let mut skipped = Vec::new();
    let mut time = 0.0;
    for (lesson, mark) in marks(class, student)? {
        let record = &mark.grading.record;
        time += record.duration_ms / 1000.0;
        if record.result == GradingResult::Ungradable {
            tests.push(json!({
                "name": name(&lesson, "builds"),
                "score": 0.0,
                "max_score": class.max_mark(&lesson),
                "status": "failed",
                "output": record.reason.clone().unwrap_or_default(),
                "output_format": "text",
                "visibility": "visible",
            }));
            continue;
        }
        for check in &record.checks {
            let hidden = class.is_hidden(&lesson, check);
            let passed = check.result == CheckResult::Passed;
            if check.result == CheckResult::Skipped && !hidden {
                skipped.push(name(&lesson, &check.name));
            }
            tests.push(json!({
                "name": name(&lesson, &check.name),
                "score": class.scheme.weight(&lesson) * f64::from(check.points),
                "max_score": class.scheme.weight(&lesson) * f64::from(check.max_points),
                "status": if passed { "passed" } else { "failed" },
                "output": words(check),
                "output_format": "text",
                "visibility": if hidden { "hidden" } else { "visible" },
            }));
        }
    }
    // A red test is read as the program's fault; this one is not.
    let output = if skipped.is_empty() {
        String::new()
    } else {
        format!(
            "Not run on this machine, and without points: {}",
            skipped.join(", ")
        )
    };
    Ok(json!({
        "score": class.total(student).unwrap_or_default(),
        "execution_time": time,
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }))
}
