//! Moodle: an assignment's offline grading worksheet, filled in.
//!
//! Source: "Assignment grading", section "Offline grading", in the Moodle documentation
//! (<https://docs.moodle.org/en/Using_Assignment>): the worksheet that Moodle exports has the columns
//! Identifier ("Participant 20731"), Full name, Email address, Status, Grade, Maximum Grade, Grade can be
//! changed, Last modified (submission), …, Feedback comments. Only Grade and Feedback comments are read
//! back, and only where "Grade can be changed" is Yes. An empty grade would take a grade away, so a row
//! without a mark keeps what it had.

use super::ExportError;
use super::template::Template;
use crate::class::{Class, Student};

/// Fills the grades of `lesson`, or of all lessons together, into `template`.
pub fn grades(class: &Class, template: &str) -> Result<String, ExportError> {
    let mut template = Template::read(template)?;
    let id = template.needed("Identifier")?;
    let grade = template.needed("Grade")?;
    let more: Vec<usize> = ["ID number", "Email address", "Username"]
        .iter()
        .filter_map(|heading| template.column(heading))
        .collect();
    let changeable = template.column("Grade can be changed");
    let mut known = 0;
    for row in 0..template.rows.len() {
        let fields = template.rows[row].clone();
        let identifier = fields.get(id).unwrap_or_default();
        let participant = identifier.rsplit(' ').next().unwrap_or_default();
        let others = more.iter().filter_map(|&column| fields.get(column));
        let mut ids = std::iter::once(participant).chain(others);
        let Some(student) = ids.find_map(|id| class.student(id.trim())) else {
            continue;
        };
        known += 1;
        let locked = changeable
            .and_then(|column| fields.get(column))
            .is_some_and(|text| text.trim().eq_ignore_ascii_case("no"));
        if let Some(mark) = mark(class, student).filter(|_| !locked) {
            template.fill(row, grade, &class.scheme.shown(mark));
        }
    }
    if known == 0 {
        return Err(ExportError::NoStudents {
            hint:
                "their ids must be the participants' numbers, the ID numbers or the email addresses"
                    .into(),
        });
    }
    template.write()
}

fn mark(class: &Class, student: &Student) -> Option<f64> {
    match class.course.lessons.as_slice() {
        [lesson] => class.mark(student, &lesson.slug),
        _ => class.total(student),
    }
}
