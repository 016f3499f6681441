//! An instructor's own export, filled in: no column is added, no row, and no grade is taken away. Its
//! byte order mark, its separator and its line ends stay as they are.

use csv::{StringRecord, Terminator};

use super::{ExportError, Filled, table};
use crate::class::{Class, Student};

/// A CSV file of somebody else's.
pub(super) struct Template {
    pub(super) headings: StringRecord,
    pub(super) rows: Vec<StringRecord>,
    /// Whether it began with a byte order mark, as spreadsheets like.
    mark: bool,
    /// A semicolon where the comma is a decimal point.
    separator: u8,
    ends: Terminator,
}

impl Template {
    pub(super) fn read(text: &str) -> Result<Self, ExportError> {
        let bare = text.strip_prefix('\u{feff}');
        let mark = bare.is_some();
        let text = bare.unwrap_or(text);
        let first = text.lines().next().unwrap_or_default();
        let count = |separator: char| first.matches(separator).count();
        let separator = if count(';') > count(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        Ok(Self {
            headings: reader.headers()?.clone(),
            rows: reader.records().collect::<Result<_, _>>()?,
            mark,
            separator,
            ends: if text.contains("\r\n") {
                Terminator::CRLF
            } else {
                Terminator::Any(b'\n')
            },
        })
    }

    /// The column with this heading.
    pub(super) fn column(&self, heading: &str) -> Option<usize> {
        self.headings
            .iter()
            .position(|known| known.trim() == heading)
    }

    /// The column with this heading, or an error that names those that there are.
    pub(super) fn needed(&self, heading: &str) -> Result<usize, ExportError> {
        self.column(heading).ok_or_else(|| self.no_column(heading))
    }

    pub(super) fn no_column(&self, heading: &str) -> ExportError {
        ExportError::NoColumn {
            column: heading.to_owned(),
            has: self.headings.iter().collect::<Vec<_>>().join(", "),
        }
    }

    /// What stands in a field; nothing where the row is too short.
    pub(super) fn field(&self, row: usize, column: usize) -> &str {
        let fields = self.rows.get(row);
        let field = fields.and_then(|fields| fields.get(column));
        field.unwrap_or_default().trim()
    }

    /// Writes `value` into a field that is there.
    pub(super) fn fill(&mut self, row: usize, column: usize, value: &str) {
        let filled = self.rows[row]
            .iter()
            .enumerate()
            .map(|(index, old)| if index == column { value } else { old });
        self.rows[row] = filled.collect();
    }

    pub(super) fn write(&self, notes: Vec<String>) -> Result<Filled, ExportError> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .delimiter(self.separator)
            .terminator(self.ends)
            .from_writer(Vec::new());
        writer.write_record(&self.headings)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        let mark = if self.mark { "\u{feff}" } else { "" };
        let text = format!("{mark}{}", table::text(writer));
        Ok(Filled { text, notes })
    }
}

/// The students who have a mark and whom nobody has `found` in the template: their marks stay here.
pub(super) fn not_in_it(class: &Class, found: &[&str]) -> Option<String> {
    let missing: Vec<&str> = class
        .students
        .iter()
        .filter(|student: &&Student| !student.lessons.is_empty())
        .map(|student| student.id.as_str())
        .filter(|id| !found.contains(id))
        .collect();
    (!missing.is_empty()).then(|| {
        format!(
            "in the gradebook, and not in the template: {}",
            missing.join(", ")
        )
    })
}
