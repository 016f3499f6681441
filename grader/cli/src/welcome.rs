//! `socklings` alone: where you are, and what to type next.

use std::io::Write as _;

use harness::Role;

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
    let (folder, slug) = (next.folder(), next.slug);
    writeln!(
        out,
        "{begin}: {} {slug}, {}\n  \
         1. read     book/src/{folder}.md\n  \
         2. edit     exercises/{folder}/src/main.rs\n  \
         3. run      cargo test -p {slug}\n\n\
         Or have it checked whenever you save: cargo socklings watch\n\nThen:",
        next.number, next.title,
    )?;
    let mut then = vec![(format!("hint {slug}"), "when you are stuck")];
    if next.role != Role::Filter {
        then.push((format!("try {slug}"), "play the other side by hand"));
    }
    then.extend([
        (
            format!("check {slug} -- COMMAND"),
            "check a program in any language",
        ),
        ("list".into(), "all lessons"),
        ("--help".into(), "everything else"),
    ]);
    let width = then.iter().map(|(command, _)| command.len()).max();
    for (command, meaning) in then {
        let width = width.unwrap_or(0);
        writeln!(out, "  cargo socklings {command:width$}   {meaning}")?;
    }
    Ok(Exit::Passed)
}
