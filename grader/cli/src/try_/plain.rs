//! A session of which each line is read from a pipe or a script: after each stands what came of it.

use std::io::{BufRead, Write};

use anyhow::Context as _;

use super::page;
use super::talk::{Answer, Talk};
use crate::exit::Exit;

/// Says what `lines` say, one after the other, and writes to `out` what comes of it.
pub(crate) fn talk(
    talk: &mut Talk<'_>,
    lines: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    writeln!(out, "{}", look(talk)?)?;
    loop {
        write!(out, "> ")?;
        out.flush()?;
        let mut line = String::new();
        if lines.read_line(&mut line).context("cannot read")? == 0 {
            writeln!(out)?;
            return Ok(Exit::Passed);
        }
        let line = line.trim();
        writeln!(out, "{line}")?;
        match talk.hear(line) {
            Answer::Nothing => {}
            Answer::Quit => return Ok(Exit::Passed),
            Answer::Told(words) => writeln!(out, "{words}\n")?,
            Answer::Done(done) => {
                writeln!(out, "{}", look(talk)?)?;
                if let Err(why) = done {
                    writeln!(out, "{why}\n")?;
                }
            }
        }
    }
}

/// What has happened since the last look, and how everything stands when nothing more happens.
fn look(talk: &mut Talk<'_>) -> anyhow::Result<String> {
    let session = &mut talk.session;
    let mut tended = Ok(());
    let look = talk.run.look(|run| {
        if tended.is_ok() {
            tended = session.tend(run).map(drop);
        }
    });
    // A peer that cannot even be looked at is the grader's own trouble.
    tended.map_err(anyhow::Error::msg)?;
    Ok(page::whole(&look))
}
