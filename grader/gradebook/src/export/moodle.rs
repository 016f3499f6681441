//! Moodle: an assignment's offline grading worksheet, filled in.
//!
//! Held to what Moodle itself reads: `mod/assign/feedback/offline/importgradeslib.php` and `locallib.php` of
//! <https://github.com/moodle/moodle>. The worksheet has the columns Identifier ("Participant 20731"),
//! Full name, Email address, Status, Grade, Maximum Grade, Grade can be changed, Last modified
//! (submission), Last modified (grade), Feedback comments. Without Identifier, Grade and Last modified
//! (grade) Moodle refuses it; a grade below 0 or above the maximum, and one that was changed in Moodle
//! after the worksheet was made, it passes over without a word. Their headings are in the site's language:
//! only English ones are known here.
//!
//! An empty grade is passed over as well, and a changed comment is taken; so a row without a mark keeps
//! what it had, and of the others only Grade is touched.

use super::template::{Template, not_in_it};
use super::{ExportError, Filled};
use crate::class::{Class, Student};

/// Fills the grades of the lesson, or of all lessons together, into `template`.
pub fn grades(class: &Class, template: &str) -> Result<Filled, ExportError> {
    let mut template = Template::read(template)?;
    let id = template.needed("Identifier")?;
    let grade = template.needed("Grade")?;
    template.needed("Last modified (grade)")?;
    let more: Vec<usize> = ["ID number", "Email address", "Username"]
        .iter()
        .filter_map(|heading| template.column(heading))
        .collect();
    let maximum = template.column("Maximum Grade");
    let changeable = template.column("Grade can be changed");
    let mut found = Vec::new();
    let mut filled = 0;
    let mut locked = Vec::new();
    let mut other_maximum = None;
    for row in 0..template.rows.len() {
        let participant = template
            .field(row, id)
            .rsplit(' ')
            .next()
            .unwrap_or_default();
        let others = more.iter().map(|&column| template.field(row, column));
        let mut ids = std::iter::once(participant).chain(others);
        let Some(student) = ids.find_map(|id| class.student(id)) else {
            continue;
        };
        found.push(student.id.as_str());
        let Some(mark) = mark(class, student) else {
            continue;
        };
        let no = changeable.map(|column| template.field(row, column));
        if no.is_some_and(|text| text.eq_ignore_ascii_case("no")) {
            locked.push(student.id.as_str());
            continue;
        }
        let most = maximum.map(|column| template.field(row, column).to_owned());
        let ours = max_mark(class);
        let most = most.filter(|text| number(text).is_some_and(|most| (most - ours).abs() > 1e-6));
        if let Some(most) = most {
            // Moodle would pass over it, and nobody would know.
            if number(&most).is_some_and(|most| mark > most) {
                return Err(ExportError::TooMuch {
                    student: student.id.clone(),
                    mark: class.scheme.shown(mark),
                    maximum: most,
                });
            }
            other_maximum = Some(most);
        }
        template.fill(row, grade, &class.scheme.shown(mark));
        filled += 1;
    }
    if found.is_empty() {
        return Err(ExportError::NoStudents {
            hint:
                "their ids must be the participants' numbers, the ID numbers or the email addresses"
                    .into(),
        });
    }
    let mut notes = vec![format!("{filled} filled in")];
    if let Some(most) = other_maximum {
        notes.push(format!(
            "Moodle gives {most} points for it, this course {}: see weight in course.toml",
            class.scheme.shown(max_mark(class))
        ));
    }
    if !locked.is_empty() {
        let locked = locked.join(", ");
        notes.push(format!("cannot be changed, as Moodle says: {locked}"));
    }
    notes.extend(not_in_it(class, &found));
    template.write(notes)
}

fn mark(class: &Class, student: &Student) -> Option<f64> {
    match class.course.lessons.as_slice() {
        [lesson] => class.mark(student, &lesson.slug),
        _ => class.total(student),
    }
}

fn max_mark(class: &Class) -> f64 {
    match class.course.lessons.as_slice() {
        [lesson] => class.max_mark(&lesson.slug),
        _ => class.max_total(),
    }
}

/// `6.00`, or `6,00` in some languages.
fn number(text: &str) -> Option<f64> {
    text.replace(',', ".").parse().ok()
}
