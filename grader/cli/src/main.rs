//! `socklings`: the commands of the course.
//!
//! One file a command; [`home`] finds the course, [`build`] compiles programs, [`exit`] is what the
//! shell is told.

#![forbid(unsafe_code)]

mod args;
mod asked;
mod boxed;
mod build;
mod check;
mod course_of;
mod doctor;
mod exercise;
mod exit;
mod export_command;
mod grade;
mod gradebook_command;
mod handout;
mod hint;
mod home;
mod launcher;
mod list;
mod names;
mod progress;
mod reset;
mod restore;
mod similarity;
mod solution;
mod submission;
mod surroundings;
mod sweeper;
mod table;
mod try_;
mod watch;
mod welcome;

#[cfg(test)]
#[expect(dead_code, reason = "the tests of the whole program use the rest")]
#[path = "../tests/seat/pty.rs"]
mod pty;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Arguments, Command};
use crate::boxed::NoBox;
use crate::exit::{Exit, Usage};

fn main() -> ExitCode {
    // A box's keeper is this executable once more.
    sandbox::keeper::run_if_asked();
    sweeper::run_if_asked();
    // First of all: a process with several threads cannot enter a user namespace any more.
    harness::arena::prepare();
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(exit) => exit.into(),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody reads standard error: then there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "socklings: {error:#}");
            if error.is::<NoBox>() {
                let _ = write!(std::io::stderr(), "\n{}", doctor::page());
            }
            let usage = error.is::<Usage>();
            if usage {
                Exit::Usage
            } else {
                Exit::GraderError
            }
            .into()
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    match &arguments.command {
        None => welcome::run(),
        Some(Command::List) => list::run(),
        Some(Command::Watch(options)) => watch::run(options),
        Some(Command::Hint(options)) => hint::run(options),
        Some(Command::Try(options)) => try_::run(options),
        Some(Command::Reset(options)) => reset::run(options),
        Some(Command::Solution(options)) => solution::run(options),
        Some(Command::Check(options)) => check::run(options),
        Some(Command::Grade(options)) => grade::run(options),
        Some(Command::Doctor) => doctor::run(),
        Some(Command::Gradebook(questions)) => gradebook_command::run(questions),
        Some(Command::Report(options)) => export_command::report(options),
        Some(Command::Export(options)) => export_command::run(options),
        Some(Command::Handout(options)) => handout::run(options),
    }
}

/// `socklings … | head` is no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}
