//! Canvas: the gradebook's own CSV file, filled in.
//!
//! Source: "How do I import grades in the Gradebook?" in the Canvas guides: the file that Canvas exports
//! has the columns Student, ID, SIS User ID, SIS Login ID, Section, then one an assignment, `Echo (88123)`
//! with the assignment's id; below the headings stands a row "Points Possible". Columns that Canvas
//! marks "(read only)" are left alone. An empty field leaves a grade as it is.

use super::ExportError;
use super::template::Template;
use crate::class::{Class, Student};

/// Fills the columns of the lessons into `template`. A lesson's column is the one whose heading holds its
/// slug or number as a word: `205 echo (88123)`, `Echo (88123)`.
pub fn grades(class: &Class, template: &str) -> Result<String, ExportError> {
    let mut template = Template::read(template)?;
    let ids: Vec<usize> = ["ID", "SIS User ID", "SIS Login ID"]
        .iter()
        .filter_map(|heading| template.column(heading))
        .collect();
    if ids.is_empty() {
        return Err(template.no_column("ID"));
    }
    let columns: Vec<(usize, String)> = class
        .course
        .lessons
        .iter()
        .filter_map(|lesson| {
            let is_it = |heading: &str| is_lesson(heading, lesson.number, &lesson.slug);
            let column = template.headings.iter().position(is_it)?;
            Some((column, lesson.slug.clone()))
        })
        .collect();
    if columns.is_empty() {
        let lessons: Vec<_> = class
            .course
            .lessons
            .iter()
            .map(|l| l.slug.as_str())
            .collect();
        return Err(template.no_column(&lessons.join(" or ")));
    }
    let mut known = 0;
    for row in 0..template.rows.len() {
        let fields = template.rows[row].clone();
        let found = ids.iter().find_map(|&id| student(class, fields.get(id)?));
        let Some(student) = found else {
            continue;
        };
        known += 1;
        for (column, lesson) in &columns {
            // No mark: what stands there stays.
            if let Some(mark) = class.mark(student, lesson)
                && fields.get(*column).is_some()
            {
                template.fill(row, *column, &class.scheme.shown(mark));
            }
        }
    }
    if known == 0 {
        return Err(ExportError::NoStudents {
            hint: "their ids must be those of the column ID, SIS User ID or SIS Login ID".into(),
        });
    }
    template.write()
}

fn student<'a>(class: &'a Class, id: &str) -> Option<&'a Student> {
    let id = id.trim();
    (!id.is_empty()).then(|| class.student(id)).flatten()
}

fn is_lesson(heading: &str, number: u16, slug: &str) -> bool {
    let heading = heading.to_lowercase();
    // The number in brackets is Canvas's own.
    let name = heading
        .rsplit_once(" (")
        .map_or(heading.as_str(), |(name, _)| name);
    let mut words = name.split(|c: char| !c.is_alphanumeric() && c != '-');
    words.any(|word| {
        word == slug || word == number.to_string() || word == format!("{number}-{slug}")
    })
}
