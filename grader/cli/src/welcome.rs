//! `socklings` alone: where you are, and what to type next.

use std::io::Write as _;

use crate::exit::Exit;
use crate::progress::Progress;
use crate::{home, surroundings};

pub(crate) fn run() -> anyhow::Result<Exit> {
    let course = home::find()?;
    let progress = Progress::read(&course)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "Socklings: socket programming, with exercises that grade themselves.\n\n\
         You are in {}: {} of {} lessons done.\n",
        course.display(),
        progress.count(),
        course::LESSONS.len(),
    )?;
    for remark in surroundings::remarks() {
        writeln!(out, "{remark}\n")?;
    }
    let Some(next) = progress.next() else {
        writeln!(
            out,
            "Nothing is left to do here. `cargo socklings list` shows what you have done."
        )?;
        return Ok(Exit::Passed);
    };
    let begin = if progress.count() == 0 {
        "Begin here"
    } else {
        "Go on here"
    };
    writeln!(
        out,
        "{begin}: {} {}, {}\n  \
         1. read     book/src/{folder}.md\n  \
         2. edit     exercises/{folder}/src/main.rs\n  \
         3. run      cargo test -p {slug}\n\n\
         Or have it checked whenever you save: cargo socklings watch\n\n\
         Then:\n  \
         cargo socklings hint {slug}         when you are stuck\n  \
         cargo socklings try {slug}          play the other side by hand\n  \
         cargo socklings list                all lessons\n  \
         cargo socklings check {slug} -- COMMAND    check a program in any language\n  \
         cargo socklings --help              everything else",
        next.number,
        next.slug,
        next.title,
        folder = next.folder(),
        slug = next.slug,
    )?;
    Ok(Exit::Passed)
}
