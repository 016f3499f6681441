//! CodeGrade: messages for AutoTest v2's structured output, one line of JSON each.
//!
//! Held to what CodeGrade's own reporter writes (cg-pytest-reporter 1.1.3, `plugin.py`,
//! <https://pypi.org/project/cg-pytest-reporter/>): a message with the tag `unit-test` a test case, in its
//! suite, which is known by its `id`; `status` is `success`, `failure` or `skipped`; weights are fractions
//! as text; at last a message with the tag `points`, a fraction as text, as CodeGrade's help shows it for a
//! custom test (<https://www.codegrade.com/blog/how-to-use-custom-test-blocks>).
//!
//! Not confirmed: CodeGrade's schema for these messages is not public, nor how long one may be. The
//! reporter hands its messages to `cg truncate` for that; these are short enough to need no such help.

use serde_json::{Value, json};

use super::{ExportError, is_graded, marks, short, words};
use crate::class::{Class, Student};
use crate::record::CheckResult;

/// So many bytes of a report are handed over.
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
                "weight": fraction(&class.scheme.weight(&lesson).to_string(), "1"),
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
            let weight = check.max_points.to_string();
            let mut case = json!({ "name": check.name, "status": status, "weight": weight });
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

/// `12.5` of `19.0` is `25/38`: a fraction of whole numbers in lowest terms, as Python's `fractions` writes it.
/// Nothing of nothing is 0.
fn fraction(part: &str, whole: &str) -> String {
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, behind)| behind.len());
    let most = decimals(part).max(decimals(whole));
    let scaled = |text: &str| {
        let zeros = "0".repeat(most - decimals(text));
        format!("{}{zeros}", text.replace('.', "")).parse::<u128>()
    };
    let (Ok(part_of), Ok(whole_of)) = (scaled(part), scaled(whole)) else {
        // A weight with so many digits is not made by a person.
        return part.to_owned();
    };
    let common = greatest_common_divisor(part_of, whole_of);
    match (part_of.checked_div(common), whole_of.checked_div(common)) {
        (Some(part), Some(1)) => part.to_string(),
        (Some(part), Some(whole)) if whole > 0 => format!("{part}/{whole}"),
        _ => "0".to_owned(),
    }
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_written_as_python_writes_them() {
        assert_eq!(fraction("12.5", "19.0"), "25/38");
        assert_eq!(fraction("0.15", "1"), "3/20");
        assert_eq!(fraction("19", "19"), "1");
        assert_eq!(fraction("0", "19"), "0");
        assert_eq!(fraction("0", "0"), "0");
    }
}
