//! `socklings list`: the lessons, by part, and which of them are done.

use std::io::Write as _;

use crate::exit::Exit;
use crate::home;
use crate::progress::Progress;
use crate::table::Table;

pub(crate) fn run() -> anyhow::Result<Exit> {
    // Away from the course's folder the lessons are the same, and nothing is known of what is done.
    let progress = match home::find() {
        Ok(course) => Progress::read(&course)?,
        Err(_) => Progress::default(),
    };
    let mut table = Table::new(&["", "lesson", "", "checks", "points", "what you do"]);
    for lesson in course::LESSONS {
        let is_next = progress.next().is_some_and(|next| next.slug == lesson.slug);
        let mark = match progress.has(lesson) {
            true => "✓",
            false if is_next => "▶",
            false => "",
        };
        table.row(vec![
            mark.to_owned(),
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
