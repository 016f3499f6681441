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
        p {
            (students(class.students.len())) ", " (handed_in(class)) " with work handed in; the best total first."
        }
        p class="legend" {
            "Share of the points: " span class="heat0" { "none" } span class="heat1" { "20 %" }
            span class="heat2" { "40 %" } span class="heat3" { "60 %" } span class="heat4" { "80 %" }
            span class="heat5" { "✓ all" }
        }
        div class="wide" {
            table {
                thead {
                    tr {
                        th scope="col" { "student" }
                        @for lesson in &lessons { th scope="col" class="number" { (lesson.heading()) } }
                        th scope="col" class="number total" { "total" }
                    }
                }
                tbody { @for student in sorted(class) { (row(class, &lessons, student)) } }
            }
        }
        @if lessons.len() < class.course.lessons.len() {
            p class="legend" {
                "The total is out of all " (class.course.lessons.len()) " lessons; those without a column \
                nobody has handed in yet."
            }
        }
        h2 { "How many fail each check" }
        @for lesson in &lessons { (failures(class, lesson)) }
    };
    page("The class", now, &body)
}

fn students(count: usize) -> String {
    if count == 1 {
        "1 student".into()
    } else {
        format!("{count} students")
    }
}

fn handed_in(class: &Class) -> usize {
    let has = |student: &&Student| !student.lessons.is_empty() || !student.errors.is_empty();
    class.students.iter().filter(has).count()
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
                @if student.name.is_some() { " " span class="id" { (clean(&student.id)) } }
            }
            @for lesson in lessons { (cell(class, student, lesson)) }
            @match class.total(student) {
                Some(total) => td class="number total" {
                    (class.scheme.shown(total)) "/" (class.scheme.shown(class.max_total()))
                },
                None => td class="none total" { (if student.errors.is_empty() { "–" } else { "not known" }) },
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
    let late = html! { @if let Some(late) = mark.late { span class="late" { " " (late) } } };
    if mark.grading.record.result == GradingResult::Ungradable {
        return html! {
            td class="number heat0" { "ungradable" (late) }
        };
    }
    let points = class.scheme.mark(&lesson.slug, mark.grading.record.points);
    let max = class.max_mark(&lesson.slug);
    let sign = if points >= max { "✓ " } else { "" };
    html! {
        td class={ "number " (heat(points, max)) } {
            (sign) (class.scheme.shown(points)) "/" (class.scheme.shown(max))
            (late)
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
        p class="legend" { "Of " (all) " that could be graded." }
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
                            td class="number" { (count) (bar(count, all)) }
                            td class="sees" { (check.sees) }
                        }
                    }
                }
            }
        }
    }
}

/// How many of all, as a length; the number stands beside it.
fn bar(count: usize, all: usize) -> Markup {
    let percent = 100 * count / all.max(1);
    html! { span class="bar" aria-hidden="true" { span style={ "width:" (percent) "%" } {} } }
}
