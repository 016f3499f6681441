//! `socklings list`: the lessons, by part.

use std::io::Write as _;

use crate::exit::Exit;
use crate::table::Table;

pub(crate) fn run() -> anyhow::Result<Exit> {
    let mut table = Table::new(&["lesson", "", "checks", "points", "what you do"]);
    for lesson in course::LESSONS {
        table.row(vec![
            lesson.number.to_string(),
            lesson.slug.to_owned(),
            lesson.checks.len().to_string(),
            lesson.max_points().to_string(),
            lesson.title.to_owned(),
        ]);
    }
    write!(std::io::stdout(), "{table}")?;
    Ok(Exit::Passed)
}
