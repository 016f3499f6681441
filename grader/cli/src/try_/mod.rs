//! `socklings try`: a session by hand with a program.
//!
//! [`words`] is what one says, [`session`] what is done about it, [`talk`] both together. [`live`] is the
//! seat at a terminal, with its [`prompt`] and its [`screen`]; [`plain`] reads from a pipe or a script.

mod live;
mod page;
mod plain;
mod prompt;
mod screen;
mod session;
mod talk;
mod words;

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use harness::by_hand;
use harness::{Role, Settings, Target};

use self::session::{Session, command_line};
use self::talk::Talk;
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
    let package = exercise::package(&course, lesson, options.solution)?;
    let program = match build::package(&course, &package)? {
        Ok(program) => program,
        Err(reason) => {
            writeln!(io::stderr(), "{reason}")?;
            return Ok(Exit::Ungradable);
        }
    };
    let settings = Settings::measured();
    by_hand::converse(&Target::executable(&program), &settings, |run| {
        let session = match Session::start(run, lesson, command_line(&options.words)) {
            Ok(session) => session,
            Err(why) => {
                writeln!(io::stdout(), "{why}")?;
                return Ok(Exit::Failed);
            }
        };
        let mut talk = Talk::new(run, session, lesson);
        let mut out = io::stdout();
        match script {
            Some(script) => plain::talk(&mut talk, &mut script.as_bytes(), &mut out),
            None if io::stdin().is_terminal() && out.is_terminal() => live::talk(&mut talk),
            None => plain::talk(&mut talk, &mut io::stdin().lock(), &mut out),
        }
    })
}

fn read(script: &Path) -> Result<String, Usage> {
    fs::read_to_string(script).map_err(|error| Usage::NoScript {
        name: names::shown(script),
        reason: error.to_string(),
    })
}
