//! An instructor's own export, filled in: no column is added, no row, and no grade is taken away.

use csv::StringRecord;

use super::ExportError;
use super::table;

/// A CSV file of somebody else's.
pub(super) struct Template {
    pub(super) headings: StringRecord,
    pub(super) rows: Vec<StringRecord>,
    /// Whether it began with a byte order mark, as spreadsheets like.
    mark: bool,
}

impl Template {
    pub(super) fn read(text: &str) -> Result<Self, ExportError> {
        let bare = text.strip_prefix('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(bare.unwrap_or(text).as_bytes());
        Ok(Self {
            headings: reader.headers()?.clone(),
            rows: reader.records().collect::<Result<_, _>>()?,
            mark: bare.is_some(),
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

    /// Writes `value` into a field that is there.
    pub(super) fn fill(&mut self, row: usize, column: usize, value: &str) {
        let filled = self.rows[row]
            .iter()
            .enumerate()
            .map(|(index, old)| if index == column { value } else { old });
        self.rows[row] = filled.collect();
    }

    pub(super) fn write(&self) -> Result<String, ExportError> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        writer.write_record(&self.headings)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        let mark = if self.mark { "\u{feff}" } else { "" };
        Ok(format!("{mark}{}", table::text(writer)))
    }
}
