//! The instructor's page: students by lessons, and how many fail each check.

use maud::{Markup, html};

use super::{clean, file_name, heat, page};
use crate::class::{Class, Student};
use crate::course::CourseLesson;
use crate::record::{CheckResult, GradingResult};

pub(super) fn render(class: &Class, now: &str) -> Markup {
    let lessons: Vec<&CourseLesson> = class
        .course
        .lessons
        .iter()
        .filter(|lesson| somebody_has(class, &lesson.slug))
        .collect();
    let body = html! {
        h1 { "The class" }
        p { (class.students.len()) " students, by their total. A mark stands as points of all points." }
        div class="wide" {
            table {
                thead {
                    tr {
                        th scope="col" { "student" }
                        @for lesson in &lessons { th scope="col" { (lesson.heading()) } }
                        th scope="col" { "total" }
                    }
                }
                tbody { @for student in sorted(class) { (row(class, &lessons, student)) } }
            }
        }
        h2 { "How many fail each check" }
        @for lesson in &lessons { (failures(class, lesson)) }
    };
    page("The class", now, &body)
}

fn somebody_has(class: &Class, lesson: &str) -> bool {
    let mut students = class.students.iter();
    students.any(|s| s.lessons.contains_key(lesson) || s.errors.contains_key(lesson))
}

/// By total, the best first; then by name.
fn sorted(class: &Class) -> Vec<&Student> {
    let mut students: Vec<&Student> = class.students.iter().collect();
    students.sort_by(|a, b| {
        let total = |student: &Student| class.total(student).unwrap_or(-1.0);
        total(b)
            .total_cmp(&total(a))
            .then_with(|| a.shown().cmp(b.shown()))
    });
    students
}

fn row(class: &Class, lessons: &[&CourseLesson], student: &Student) -> Markup {
    let link = format!("students/{}", file_name(&student.id));
    html! {
        tr {
            th scope="row" {
                a href=(link) { (clean(student.shown())) }
                @if student.name.is_some() { " " span class="none" { (clean(&student.id)) } }
            }
            @for lesson in lessons { (cell(class, student, lesson)) }
            @match class.total(student) {
                Some(total) => td class="number" {
                    (class.scheme.shown(total)) "/" (class.scheme.shown(class.max_total()))
                },
                None => td class="none" { (if student.errors.is_empty() { "–" } else { "not known" }) },
            }
        }
    }
}

fn cell(class: &Class, student: &Student, lesson: &CourseLesson) -> Markup {
    if student.errors.contains_key(&lesson.slug) {
        return html! { td class="warning" { "! grader error" } };
    }
    let Some(mark) = student.lessons.get(&lesson.slug) else {
        return html! { td class="none" { "–" } };
    };
    let late = mark.late.map(|late| late.to_string());
    if mark.grading.record.result == GradingResult::Ungradable {
        return html! {
            td class="heat0" { "ungradable" @if let Some(late) = &late { " · " (late) } }
        };
    }
    let points = class.scheme.mark(&lesson.slug, mark.grading.record.points);
    let max = class.max_mark(&lesson.slug);
    let sign = if points >= max { "✓ " } else { "" };
    html! {
        td class={ "number " (heat(points, max)) } {
            (sign) (class.scheme.shown(points)) "/" (class.scheme.shown(max))
            @if let Some(late) = &late { " · " (late) }
        }
    }
}

fn failures(class: &Class, lesson: &CourseLesson) -> Markup {
    let marks = || {
        let marks = class
            .students
            .iter()
            .filter_map(|s| s.lessons.get(&lesson.slug));
        marks.filter(|mark| mark.grading.record.result == GradingResult::Graded)
    };
    let all = marks().count();
    let failing = |check: &str| {
        marks()
            .flat_map(|mark| &mark.grading.record.checks)
            .filter(|c| c.name == check && c.result == CheckResult::Failed)
            .count()
    };
    html! {
        h3 { (lesson.heading()) ": " (lesson.title) }
        p { "Of " (all) " that could be graded." }
        div class="wide" {
            table {
                thead { tr { th scope="col" { "check" } th scope="col" { "fail" } th scope="col" { "what it sees" } } }
                tbody {
                    @for check in &lesson.checks {
                        @let count = failing(&check.name);
                        tr {
                            th scope="row" {
                                (check.name)
                                @if class.scheme.is_hidden(&lesson.slug, &check.name) { " (hidden)" }
                            }
                            td class="number" { (count) }
                            td { (check.sees) }
                        }
                    }
                }
            }
        }
    }
}
