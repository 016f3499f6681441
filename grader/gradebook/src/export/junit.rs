//! JUnit XML, which continuous integration reads.
//!
//! Held to the schema of the Jenkins xUnit plugin (`junit-10.xsd` in
//! `src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/` of
//! <https://github.com/jenkinsci/xunit-plugin>): `testsuites` of `testsuite`s, which need a `name` and the
//! counts `tests`, `failures`, `errors`; a `testcase`, which needs a `name`, with at most one of `failure`
//! (the student's), `error` (the grader's), `skipped`. GitHub and GitLab read what this schema allows.

use std::fmt::Write as _;

use crate::class::{Class, LessonMark, Student};
use crate::record::{CheckRecord, CheckResult, GradingResult};

use super::words;

/// One suite a student and lesson; `of` are the students that it tells of. Hidden checks are left out.
pub fn report<'a>(class: &Class, of: impl IntoIterator<Item = &'a Student>) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for student in of {
        for lesson in &class.course.lessons {
            let suite = format!("{}.{}", student.id, lesson.slug);
            if let Some(mark) = student.lessons.get(&lesson.slug) {
                graded(&mut xml, class, &suite, &lesson.slug, mark);
            } else if let Some(reason) = student.errors.get(&lesson.slug) {
                let cases = [case(&suite, "grading", 0.0, Some(("error", reason)))];
                write_suite(&mut xml, &suite, 0.0, &cases);
            }
        }
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn graded(xml: &mut String, class: &Class, suite: &str, lesson: &str, mark: &LessonMark) {
    let record = &mark.grading.record;
    let mut cases = Vec::new();
    if record.result == GradingResult::Ungradable {
        let reason = record.reason.as_deref().unwrap_or_default();
        cases.push(case(suite, "builds", 0.0, Some(("failure", reason))));
    }
    let shown = record.checks.iter().filter(|c| !class.is_hidden(lesson, c));
    cases.extend(shown.map(|check| of_check(suite, check)));
    write_suite(xml, suite, record.duration_ms / 1000.0, &cases);
}

/// A test case, and which of the suite's counts it belongs to.
type Case = (String, Option<&'static str>);

fn of_check(suite: &str, check: &CheckRecord) -> Case {
    let words = words(check);
    let what = match check.result {
        CheckResult::Passed => None,
        CheckResult::Failed => Some(("failure", words.as_str())),
        CheckResult::Skipped => Some(("skipped", words.as_str())),
        CheckResult::GraderError => Some(("error", words.as_str())),
    };
    case(suite, &check.name, check.duration_ms / 1000.0, what)
}

fn case(suite: &str, name: &str, seconds: f64, what: Option<(&'static str, &str)>) -> Case {
    let (suite, name) = (escape(suite), escape(name));
    let start =
        format!("    <testcase classname=\"{suite}\" name=\"{name}\" time=\"{seconds:.3}\"");
    let Some((kind, words)) = what else {
        return (format!("{start}/>\n"), None);
    };
    let message = escape(words.lines().map(str::trim).nth(1).unwrap_or(words));
    let text = escape(words);
    let inner = format!("<{kind} message=\"{message}\">{text}</{kind}>");
    (format!("{start}>{inner}</testcase>\n"), Some(kind))
}

fn write_suite(xml: &mut String, name: &str, seconds: f64, cases: &[Case]) {
    let count = |kind: &str| cases.iter().filter(|(_, is)| *is == Some(kind)).count();
    // Writing to a String cannot fail.
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{seconds:.3}\">",
        escape(name),
        cases.len(),
        count("failure"),
        count("error"),
        count("skipped"),
    );
    for (case, _) in cases {
        xml.push_str(case);
    }
    xml.push_str("  </testsuite>\n");
}

/// Text as XML has it; what XML 1.0 has no character for (its section 2.2) is shown as a mark.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push(c),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
