//! A student's page: every mark, and the full report of every check that failed. It names nobody else,
//! and nothing of a hidden check.

use maud::{Markup, html};

use super::{clean, page};
use crate::class::{Class, LessonMark, Student};
use crate::course::CourseLesson;
use crate::record::{CheckRecord, CheckResult, GradingResult};

pub(super) fn render(class: &Class, student: &Student, now: &str) -> Markup {
    let handed_in = class.course.lessons.iter().filter_map(|lesson| {
        let mark = student.lessons.get(&lesson.slug)?;
        Some((lesson, mark))
    });
    let body = html! {
        h1 { (clean(student.shown())) }
        @if student.lessons.is_empty() && student.errors.is_empty() {
            p { "Nothing was handed in." }
        }
        @if let Some(total) = class.total(student).filter(|_| class.course.lessons.len() > 1) {
            p class="mark" {
                strong { (class.scheme.shown(total)) " of " (class.scheme.shown(class.max_total())) }
                " points in all."
            }
        }
        @for (lesson, mark) in handed_in { (of_lesson(class, lesson, mark)) }
        @for lesson in student.errors.keys() {
            h2 { (lesson) }
            p { "The grader met an error of its own. There is no mark yet, and it is no fault of yours." }
        }
    };
    page(student.shown(), now, &body)
}

fn of_lesson(class: &Class, lesson: &CourseLesson, mark: &LessonMark) -> Markup {
    let record = &mark.grading.record;
    let slug = &lesson.slug;
    let shown: Vec<&CheckRecord> = record
        .checks
        .iter()
        .filter(|check| !class.is_hidden(slug, check))
        .collect();
    html! {
        h2 { (lesson.heading()) ": " (lesson.title) }
        @if let Some(late) = mark.late { p { "Handed in " (late) "." } }
        @if record.result == GradingResult::Ungradable {
            p { "It could not be graded:" }
            pre { (clean(record.reason.as_deref().unwrap_or_default())) }
        } @else {
            p class="mark" {
                (class.scheme.shown(class.scheme.mark(slug, record.points))) " of "
                (class.scheme.shown(class.max_mark(slug))) " points."
                @if let Some(weight) = weight(class, slug) { " A point counts " (weight) " times." }
                @if shown.len() < record.checks.len() {
                    " Some of them are given by checks that are not shown here."
                }
            }
            ul class="checks" {
                @for check in &shown {
                    li class=(check.result.name()) {
                        span class="sign" { (sign(check)) } " "
                        span { (check.name) } " "
                        span class="points" { (check.points) "/" (check.max_points) }
                    }
                }
            }
            @for check in shown.iter().filter(|check| check.result != CheckResult::Passed) {
                (report(check))
            }
        }
    }
}

/// How often a point of the lesson counts, where it does not count once.
fn weight(class: &Class, lesson: &str) -> Option<f64> {
    let weight = class.scheme.weight(lesson);
    ((weight - 1.0).abs() > f64::EPSILON).then_some(weight)
}

fn sign(check: &CheckRecord) -> &'static str {
    match check.result {
        CheckResult::Passed => "✓ passed",
        CheckResult::Failed => "✗ failed",
        CheckResult::Skipped => "– not run",
        CheckResult::GraderError => "! grader error",
    }
}

fn report(check: &CheckRecord) -> Markup {
    let words = check
        .report
        .as_ref()
        .or(check.reason.as_ref())
        .or(check.headline.as_ref());
    html! {
        h3 { (check.name) }
        pre { (clean(words.map(String::as_str).unwrap_or_default())) }
    }
}
