//! Canvas: the gradebook's own CSV file, filled in.
//!
//! Held to what Canvas itself writes and reads: `lib/gradebook_exporter.rb` and
//! `lib/gradebook_importer.rb` of <https://github.com/instructure/canvas-lms>. The file begins with
//! Student (or LastName, FirstName), ID, SIS User ID, SIS Login ID, …, Section, then the instructor's own
//! columns, then one an assignment, `Echo (88123)` with the assignment's id, then totals (`Echo Current
//! Score`), which are not read back. Below the headings stands, with other rows of Canvas's own, one that
//! begins "Points Possible"; a column that has "(read only)" there is not read back.
//!
//! Three rules keep what is there. A field that is empty where Canvas has a grade takes the grade away
//! (`no_change_to_value?`), so without a mark the field keeps what Canvas wrote into it. `EX` (excused) and
//! `N/A` (not assigned) are an instructor's decision, and stay. Semicolons in place of commas are read, too.

use super::template::{Template, not_in_it};
use super::{ExportError, Filled};
use crate::class::{Class, Student};
use crate::course::CourseLesson;

/// Headings that Canvas gives to what it calculates (`NON_ASSIGNMENT_COLUMN_HEADERS` of its importer).
const CALCULATED: [&str; 9] = [
    "Current Score",
    "Current Points",
    "Current Grade",
    "Final Score",
    "Final Points",
    "Final Grade",
    "Override Score",
    "Override Grade",
    "Override Status",
];

/// A lesson, and its column in the template.
struct Column<'a> {
    lesson: &'a CourseLesson,
    at: usize,
}

/// Fills the columns of the lessons into `template`. A lesson's column is the one whose heading holds its
/// slug as a word, or is its number or its title: `205 echo (88123)`, `Echo (88123)`, `Lesson 205 (88123)`.
pub fn grades(class: &Class, template: &str) -> Result<Filled, ExportError> {
    let mut template = Template::read(template)?;
    let ids: Vec<usize> = ["ID", "SIS User ID", "SIS Login ID"]
        .iter()
        .filter_map(|heading| template.column(heading))
        .collect();
    if ids.is_empty() {
        return Err(template.no_column("ID"));
    }
    let columns = columns(class, &template)?;
    let mut notes = Vec::new();
    let mut found = Vec::new();
    let mut filled = vec![0; columns.len()];
    let mut decided = Vec::new();
    for row in 0..template.rows.len() {
        let of_row = |&id: &usize| student(class, template.field(row, id));
        let Some(student) = ids.iter().find_map(of_row) else {
            continue;
        };
        found.push(student.id.as_str());
        for (column, filled) in columns.iter().zip(&mut filled) {
            // No mark: what stands there stays.
            let Some(mark) = class.mark(student, &column.lesson.slug) else {
                continue;
            };
            if ["EX", "N/A"].contains(&template.field(row, column.at)) {
                decided.push(format!("{} {}", student.id, column.lesson.slug));
            } else {
                template.fill(row, column.at, &class.scheme.shown(mark));
                *filled += 1;
            }
        }
    }
    if found.is_empty() {
        return Err(ExportError::NoStudents {
            hint: "their ids must be those of the column ID, SIS User ID or SIS Login ID".into(),
        });
    }
    for (column, filled) in columns.iter().zip(filled) {
        let heading = template.headings.get(column.at).unwrap_or_default();
        let slug = &column.lesson.slug;
        notes.push(format!("{slug}: \"{heading}\", {filled} filled in"));
        notes.extend(other_points(class, &template, column));
    }
    if !decided.is_empty() {
        let decided = decided.join(", ");
        notes.push(format!("left at EX or N/A, as Canvas had it: {decided}"));
    }
    notes.extend(not_in_it(class, &found));
    template.write(notes)
}

fn student<'a>(class: &'a Class, id: &str) -> Option<&'a Student> {
    (!id.is_empty()).then(|| class.student(id)).flatten()
}

/// Each lesson's column. That more than one could be meant is an error: a wrong one would be overwritten.
fn columns<'a>(class: &'a Class, template: &Template) -> Result<Vec<Column<'a>>, ExportError> {
    let mut columns: Vec<Column<'_>> = Vec::new();
    for lesson in &class.course.lessons {
        let headings = || template.headings.iter().enumerate();
        let may_be = |&(at, heading): &(usize, &str)| {
            names_lesson(heading, lesson) && is_read_back(template, at, heading)
        };
        let possible: Vec<(usize, &str)> = headings().filter(may_be).collect();
        let exact: Vec<usize> = possible
            .iter()
            .filter(|(_, heading)| is_called(heading, lesson))
            .map(|&(at, _)| at)
            .collect();
        let at = match (possible.as_slice(), exact.as_slice()) {
            ([], _) => continue,
            ([(only, _)], _) | (_, [only]) => *only,
            (several, _) => {
                let names: Vec<_> = several
                    .iter()
                    .map(|(_, name)| format!("\"{name}\""))
                    .collect();
                let what = format!("{} could be {}", lesson.slug, names.join(" or "));
                return Err(ExportError::Unclear(what));
            }
        };
        if let Some(other) = columns.iter().find(|column| column.at == at) {
            let heading = template.headings.get(at).unwrap_or_default();
            let slugs = (&other.lesson.slug, &lesson.slug);
            let what = format!("\"{heading}\" could be {} or {}", slugs.0, slugs.1);
            return Err(ExportError::Unclear(what));
        }
        columns.push(Column { lesson, at });
    }
    if columns.is_empty() {
        let lessons = class.course.lessons.iter();
        let slugs: Vec<_> = lessons.map(|lesson| lesson.slug.as_str()).collect();
        return Err(template.no_column(&slugs.join(" or ")));
    }
    Ok(columns)
}

/// Whether Canvas takes grades from this column.
fn is_read_back(template: &Template, at: usize, heading: &str) -> bool {
    let calculated = CALCULATED.iter().any(|name| heading.contains(name));
    let points = points_possible(template, at);
    !calculated && !points.is_some_and(|points| points.contains("read only"))
}

/// What the row "Points Possible" says of a column.
fn points_possible(template: &Template, at: usize) -> Option<&str> {
    let mut rows = 0..template.rows.len();
    let row = rows.find(|&row| template.field(row, 0).contains("Points Possible"))?;
    Some(template.field(row, at))
}

/// Canvas keeps any number; that 19 of 19 would stand there as 19 of 10 is to be known.
fn other_points(class: &Class, template: &Template, column: &Column<'_>) -> Option<String> {
    let theirs = points_possible(template, column.at)?;
    let number: f64 = theirs.replace(',', ".").parse().ok()?;
    let ours = class.max_mark(&column.lesson.slug);
    ((number - ours).abs() > 1e-6).then(|| {
        format!(
            "{}: Canvas gives {theirs} points for it, this course {}: see weight in course.toml",
            column.lesson.slug,
            class.scheme.shown(ours)
        )
    })
}

/// The heading without the id in brackets that Canvas adds.
fn name(heading: &str) -> String {
    let bare = heading.rsplit_once(" (").filter(|(_, id)| {
        let id = id.strip_suffix(')').unwrap_or_default();
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())
    });
    bare.map_or(heading, |(name, _)| name).trim().to_lowercase()
}

fn names_lesson(heading: &str, lesson: &CourseLesson) -> bool {
    let name = name(heading);
    let folder = format!("{}-{}", lesson.number, lesson.slug);
    let mut words = name.split(|c: char| !c.is_alphanumeric() && c != '-');
    is_called(heading, lesson) || words.any(|word| word == lesson.slug || word == folder)
}

/// Whether the heading is the lesson's name, and nothing but that.
fn is_called(heading: &str, lesson: &CourseLesson) -> bool {
    let (number, slug) = (lesson.number, &lesson.slug);
    let names = [
        slug.clone(),
        number.to_string(),
        format!("lesson {number}"),
        format!("exercise {number}"),
        format!("{number} {slug}"),
        format!("{number}-{slug}"),
        lesson.title.to_lowercase(),
    ];
    names.contains(&name(heading))
}
