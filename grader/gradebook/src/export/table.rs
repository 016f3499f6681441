//! The class as a CSV table: a row a student, a column a lesson. Where there is no mark the field is
//! empty, so that it cannot be read as a zero.

use super::ExportError;
use crate::class::Class;

/// RFC 4180 with a heading; lines end with a line feed alone.
pub fn class(class: &Class) -> Result<String, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut headings = vec!["student".to_owned(), "name".into()];
    headings.extend(
        class
            .course
            .lessons
            .iter()
            .map(|lesson| lesson.slug.clone()),
    );
    headings.extend([
        "total".into(),
        "max_total".into(),
        "late".into(),
        "remarks".into(),
    ]);
    writer.write_record(&headings)?;
    for student in &class.students {
        let shown = |mark: Option<f64>| mark.map_or(String::new(), |m| class.scheme.shown(m));
        let mut row = vec![
            safe(&student.id),
            safe(student.name.as_deref().unwrap_or_default()),
        ];
        for lesson in &class.course.lessons {
            row.push(shown(class.mark(student, &lesson.slug)));
        }
        row.push(shown(class.total(student)));
        row.push(class.scheme.shown(class.max_total()));
        let late = student
            .lessons
            .iter()
            .filter(|(_, mark)| mark.late.is_some());
        row.push(
            late.map(|(slug, _)| slug.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        );
        let errors = student
            .errors
            .keys()
            .map(|slug| format!("grader error: {slug}"));
        row.push(errors.collect::<Vec<_>>().join("; "));
        writer.write_record(&row)?;
    }
    Ok(text(writer))
}

/// What was written, as text.
pub(super) fn text(writer: csv::Writer<Vec<u8>>) -> String {
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A spreadsheet takes what begins with one of these for a formula; a student's name must not be one
/// (OWASP, "CSV Injection").
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
