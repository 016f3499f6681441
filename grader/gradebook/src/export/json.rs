//! The class as one JSON object: every mark that counts, with every check.

use serde_json::{Value, json};

use crate::class::{Class, LessonMark, Student};
use crate::record::CheckRecord;

/// The class, for scripts of the instructor's own (RFC 8259). `null` stands for what is not known: a total
/// that an error of the grader leaves open, a mark that there is not.
pub fn class(class: &Class) -> Value {
    let students: Vec<Value> = class.students.iter().map(|s| student(class, s)).collect();
    json!({ "max_total": class.max_total(), "students": students })
}

fn student(class: &Class, student: &Student) -> Value {
    let lessons: Vec<Value> = student
        .lessons
        .iter()
        .map(|(slug, mark)| lesson(class, student, slug, mark))
        .collect();
    json!({
        "student": student.id,
        "name": student.name,
        "total": class.total(student),
        "lessons": lessons,
        "grader_errors": student.errors,
    })
}

fn lesson(class: &Class, student: &Student, slug: &str, mark: &LessonMark) -> Value {
    let record = &mark.grading.record;
    let checks: Vec<Value> = record
        .checks
        .iter()
        .map(|check| of_check(check, class.is_hidden(slug, check)))
        .collect();
    json!({
        "lesson": slug,
        "outcome": record.result.name(),
        "reason": record.reason,
        "points": record.points,
        "max_points": record.max_points,
        "mark": class.mark(student, slug),
        "max_mark": class.max_mark(slug),
        "received_ms": mark.received,
        "late_ms": mark.late.map(|late| late.ms),
        "marks": mark.of,
        "seed": record.seed,
        "checks": checks,
    })
}

fn of_check(check: &CheckRecord, hidden: bool) -> Value {
    json!({
        "name": check.name,
        "hidden": hidden,
        "outcome": check.result.name(),
        "points": check.points,
        "max_points": check.max_points,
        "headline": check.headline,
        "failure": check.failure,
        "evidence": check.evidence,
        "diagnosis": check.diagnosis,
        "transcript": check.transcript,
        "reason": check.reason,
    })
}
