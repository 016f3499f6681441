//! `socklings` alone: where you are, and what to type next.

use std::io::Write as _;

use crate::exit::Exit;
use crate::home;

pub(crate) fn run() -> anyhow::Result<Exit> {
    let course = home::find()?;
    let first = &course::LESSONS[0];
    let mut out = std::io::stdout();
    writeln!(
        out,
        "Socklings: socket programming, with exercises that grade themselves.\n\n\
         You are in {} ({} lessons).\n\n\
         Begin here:\n  \
         1. read     book/src/{folder}.md\n  \
         2. edit     exercises/{folder}/src/main.rs\n  \
         3. run      cargo test -p {slug}\n\n\
         Then:\n  \
         cargo socklings list                     all lessons\n  \
         cargo socklings check echo               check an exercise\n  \
         cargo socklings check echo -- COMMAND    check a program in any language\n  \
         cargo socklings --help                   everything else",
        course.display(),
        course::LESSONS.len(),
        folder = first.folder(),
        slug = first.slug,
    )?;
    Ok(Exit::Passed)
}
