//! `socklings try`: a session by hand with a program.
//!
//! [`words`] is what one says at the prompt, [`session`] what is done about it.

mod session;
mod words;

use std::fs;
use std::io::{self, BufRead, IsTerminal as _, Write};
use std::path::Path;

use anyhow::Context as _;
use harness::by_hand;
use harness::{Lesson, Role, Run, Settings, Target};

use self::session::{SERVER, Session, command_line};
use self::words::Words;
use crate::args::Try;
use crate::exit::{Exit, Usage};
use crate::{build, exercise, home, names};

pub(crate) fn run(options: &Try) -> anyhow::Result<Exit> {
    let lesson = names::lesson(&options.lesson)?;
    if lesson.role == Role::Filter {
        return Err(Usage::NoSockets { slug: lesson.slug }.into());
    }
    let course = home::find()?;
    let script = options.script.as_deref().map(read).transpose()?;
    let package = if options.solution {
        format!("{}-solution", lesson.slug)
    } else {
        exercise::must_be_there(&course, lesson)?;
        lesson.slug.to_owned()
    };
    let program = match build::package(&course, &package)? {
        Ok(program) => program,
        Err(reason) => {
            writeln!(io::stderr(), "{reason}")?;
            return Ok(Exit::Ungradable);
        }
    };
    let settings = Settings::measured();
    by_hand::converse(&Target::executable(&program), &settings, |run| {
        let words = command_line(&options.words);
        let mut session = match Session::start(run, lesson, &words) {
            Ok(session) => session,
            Err(why) => {
                writeln!(io::stdout(), "{why}")?;
                return Ok(Exit::Failed);
            }
        };
        match script {
            Some(script) => talk(run, lesson, &mut session, &mut script.as_bytes(), Echo::Yes),
            None => talk(run, lesson, &mut session, &mut io::stdin().lock(), Echo::No),
        }
    })
}

fn read(script: &Path) -> Result<String, Usage> {
    fs::read_to_string(script).map_err(|error| Usage::NoScript {
        name: names::shown(script),
        reason: error.to_string(),
    })
}

/// Whether lines are shown as they are read: nobody has typed those of a script.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    Yes,
    No,
}

fn talk(
    run: &mut Run,
    lesson: &Lesson,
    session: &mut Session,
    lines: &mut dyn BufRead,
    echo: Echo,
) -> anyhow::Result<Exit> {
    let mut out = io::stdout();
    let mut said: Vec<String> = Vec::new();
    writeln!(out, "{}", look(session, run)?)?;
    if echo == Echo::No && io::stdin().is_terminal() {
        writeln!(out, "{}", greeting(lesson))?;
    }
    loop {
        write!(out, "> ")?;
        out.flush()?;
        let mut line = String::new();
        if lines.read_line(&mut line).context("cannot read")? == 0 {
            writeln!(out)?;
            return Ok(Exit::Passed);
        }
        let line = line.trim();
        if echo == Echo::Yes || !io::stdin().is_terminal() {
            writeln!(out, "{line}")?;
        }
        let words = match words::parse(line) {
            Ok(Some(words)) => words,
            Ok(None) => continue,
            Err(why) => {
                writeln!(out, "{why}\n")?;
                continue;
            }
        };
        match &words {
            Words::Quit => return Ok(Exit::Passed),
            Words::Help => {
                writeln!(out, "{}", help(lesson))?;
                continue;
            }
            Words::Save(file) => {
                match save(Path::new(file), &said) {
                    Ok(()) => writeln!(
                        out,
                        "saved; again: cargo socklings try {} --script {file}\n",
                        lesson.slug
                    )?,
                    Err(error) => writeln!(out, "{file} cannot be written: {error}\n")?,
                }
                continue;
            }
            _ => {}
        }
        let done = session.act(&words);
        writeln!(out, "{}", look(session, run)?)?;
        match done {
            Ok(()) => said.push(line.to_owned()),
            Err(why) => writeln!(out, "{why}\n")?,
        }
    }
}

/// A peer that cannot even be looked at is the grader's own trouble.
fn look(session: &mut Session, run: &mut Run) -> anyhow::Result<String> {
    session.look(run).map_err(anyhow::Error::msg)
}

/// Writes a script. A file that is there already is left alone.
fn save(file: &Path, said: &[String]) -> io::Result<()> {
    let mut script = fs::File::create_new(file)?;
    for line in said.iter().filter(|line| !line.is_empty()) {
        writeln!(script, "{line}")?;
    }
    Ok(())
}

fn greeting(lesson: &Lesson) -> String {
    let first = match lesson.role {
        Role::Client => format!("Your program is the client; you are the {SERVER}."),
        Role::Server | Role::Filter => "Begin with: alice connect".to_owned(),
    };
    format!("{first}\nhelp shows what one can say; quit ends.\n")
}

fn help(lesson: &Lesson) -> String {
    let (peer, connect) = match lesson.role {
        Role::Client => (SERVER, String::new()),
        Role::Server | Role::Filter => (
            "alice",
            "  alice connect            any name will do: bob connect\n".to_owned(),
        ),
    };
    let line = |act: &str, meaning: &str| {
        let said = format!("{peer} {act}");
        format!("  {said:24} {meaning}\n")
    };
    let rest = "  program type \"text\\n\"    on the program's standard input; program end\n  \
                (Enter)                  looks again\n  \
                save FILE                what was said so far, for --script FILE\n  \
                quit\n";
    let acts = [
        line("send \"hel\\n\"", r#"as in Rust: \n \r \t \0 \x1f \\ \""#),
        line("end", "sends no more, and still receives"),
        line("close", ""),
        line("reset", "leaves as a program that crashes"),
        line("pause", "receives nothing from now on; resume"),
    ];
    format!("{connect}{}{rest}", acts.concat())
}
