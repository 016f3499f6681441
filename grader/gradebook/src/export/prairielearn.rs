//! PrairieLearn: `results.json` of an external grader.
//!
//! Held to "External grading", section "Grading results", in PrairieLearn's documentation
//! (<https://prairielearn.readthedocs.io/en/latest/externalGrading/>; `docs/externalGrading.md` of
//! <https://github.com/PrairieLearn/PrairieLearn>): `gradable` false with `format_errors`, a text or a list
//! of texts, for what cannot be graded, so that no attempt is lost; else `score` from 0 to 1, the one field
//! that must be there, a number (`makeGradingResult` in `externalGraderCommon.ts`); each of `tests` with
//! `name`, `description`, `points`, `max_points`, `message`, `output`; 1 MB at most. PrairieLearn has no
//! JSON schema for it.

use serde_json::{Value, json};

use super::{ExportError, is_graded, marks, name, short, words};
use crate::class::{Class, Student};

/// What PrairieLearn reads from `/grade/results/results.json`.
pub fn results(class: &Class, student: &Student) -> Result<Value, ExportError> {
    let marks = marks(class, student)?;
    let reasons: Vec<String> = marks
        .iter()
        .filter(|(_, mark)| !is_graded(mark))
        .filter_map(|(_, mark)| mark.grading.record.reason.as_deref())
        .map(|reason| short(reason, 10_000).to_owned())
        .collect();
    if marks.iter().all(|(_, mark)| !is_graded(mark)) {
        return Ok(json!({ "gradable": false, "format_errors": reasons }));
    }
    // Whatever a character takes in JSON, all of them fit.
    let count = marks
        .iter()
        .map(|(_, mark)| mark.grading.record.checks.len());
    let most = 150_000 / count.sum::<usize>().max(1);
    let mut tests = Vec::new();
    for (lesson, mark) in &marks {
        for check in &mark.grading.record.checks {
            // What is hidden has no test of its own here: PrairieLearn shows all of them.
            if !class.is_hidden(lesson, check) {
                tests.push(json!({
                    "name": name(lesson, &check.name),
                    "points": check.points,
                    "max_points": check.max_points,
                    "output": short(&words(check), most),
                }));
            }
        }
    }
    let max = class.max_total();
    let total = class.total(student).unwrap_or_default();
    Ok(json!({
        "gradable": true,
        "score": if max > 0.0 { (total / max).clamp(0.0, 1.0) } else { 0.0 },
        "output": reasons.join("\n"),
        "tests": tests,
    }))
}
