//! CodeGrade: messages for AutoTest v2's structured output, one line of JSON each.
//!
//! Held to what CodeGrade's own reporter writes (cg-pytest-reporter,
//! <https://pypi.org/project/cg-pytest-reporter/>): a message with the tag `unit-test` a test case, in its
//! suite; `status` is `success`, `failure` or `skipped`; at last one with the tag `points`, a fraction as
//! text. A message has at most 250 000 bytes.

use serde_json::{Value, json};

use super::{ExportError, is_graded, marks, short, words};
use crate::class::{Class, Student};
use crate::record::CheckResult;

/// So many bytes of a report are handed over; whatever a character takes in JSON, it fits.
const MOST: usize = 40_000;

/// The lines, for the file descriptor that CodeGrade opens.
pub fn messages(class: &Class, student: &Student) -> Result<String, ExportError> {
    let mut lines = String::new();
    for (lesson, mark) in marks(class, student)? {
        let record = &mark.grading.record;
        let mut add = |case: &Value| {
            let suite = json!({
                "id": lesson,
                "name": lesson,
                "weight": class.scheme.weight(&lesson),
                "testCases": [case],
            });
            let message = json!({ "tag": "unit-test", "results": [suite] });
            lines.push_str(&format!("{message}\n"));
        };
        if !is_graded(mark) {
            let reason = record.reason.as_deref().unwrap_or_default();
            add(&json!({ "name": "builds", "status": "failure", "reason": short(reason, MOST) }));
        }
        for check in record
            .checks
            .iter()
            .filter(|c| !class.is_hidden(&lesson, c))
        {
            let status = match check.result {
                CheckResult::Passed => "success",
                CheckResult::Failed => "failure",
                CheckResult::Skipped | CheckResult::GraderError => "skipped",
            };
            let mut case =
                json!({ "name": check.name, "status": status, "weight": check.max_points });
            if check.result != CheckResult::Passed {
                case["reason"] = short(&words(check), MOST).into();
            }
            add(&case);
        }
    }
    let total = class.scheme.shown(class.total(student).unwrap_or_default());
    let max = class.scheme.shown(class.max_total());
    let points = json!({ "tag": "points", "points": fraction(&total, &max) });
    Ok(format!("{lines}{points}\n"))
}

/// `12.5` of `19.0` is `125/190`: a fraction of whole numbers.
fn fraction(total: &str, max: &str) -> String {
    format!("{}/{}", total.replace('.', ""), max.replace('.', ""))
}
