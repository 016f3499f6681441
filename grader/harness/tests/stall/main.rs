//! Stall detection against programs that look stalled and are not, and against programs that are.
//!
//! The first kind must never be called stalled, and the second kind must be, at once. The long version
//! of this is `cargo bench -p harness --bench stalls`.

#![forbid(unsafe_code)]

mod conversations;
mod outside;
mod programs;

use std::process::ExitCode;

use harness::Settings;
use harness::failure::DecidedBy;
use harness::outcome::CheckOutcome;
use libtest_mimic::{Arguments, Failed, Trial};

use crate::programs::Program;

/// How often each program is talked to.
const RUNS: usize = 2;
/// How many programs run side by side: nearly all of them only wait.
const JOBS: usize = 12;

fn main() -> ExitCode {
    harness::arena::prepare();
    let mut arguments = Arguments::from_args();
    if !cfg!(target_os = "linux") {
        println!("stalls are seen on Linux alone");
        return ExitCode::SUCCESS;
    }
    arguments.test_threads.get_or_insert(JOBS);
    let mut trials = Vec::new();
    match (programs::of("late"), programs::of("stuck")) {
        (Ok(late), Ok(stuck)) => {
            trials.extend(outside::trials());
            trials.extend(
                late.into_iter()
                    .map(|program| trial("late", program, is_heard)),
            );
            trials.extend(
                stuck
                    .into_iter()
                    .map(|program| trial("stuck", program, is_stalled)),
            );
        }
        (Err(error), _) | (_, Err(error)) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(kind: &str, program: Program, test: fn(&Program) -> Result<(), Failed>) -> Trial {
    Trial::test(format!("{kind}/{}", program.name), move || {
        (0..RUNS).try_for_each(|_| test(&program))
    })
}

/// The answer of a late program is waited for, and so is what it says unasked.
fn is_heard(program: &Program) -> Result<(), Failed> {
    is_heard_with(program, &conversations::settings())
}

fn is_heard_with(program: &Program, settings: &Settings) -> Result<(), Failed> {
    let asked = conversations::asked(&program.target(&[]), settings);
    holds(asked.passed(), "asked", &asked)?;
    let unasked = conversations::unasked(&program.target(&["unasked"]), settings);
    holds(conversations::was_caught(&unasked), "unasked", &unasked)
}

/// A program that is stuck is known to be.
fn is_stalled(program: &Program) -> Result<(), Failed> {
    let settings = conversations::settings();
    let outcome = conversations::asked(&program.target(&[]), &settings);
    let stalled = conversations::decided_by(&outcome) == Some(DecidedBy::Stall);
    holds(stalled, "asked", &outcome)
}

fn holds(holds: bool, what: &str, outcome: &CheckOutcome) -> Result<(), Failed> {
    if holds {
        return Ok(());
    }
    Err(format!("{what}: {}", conversations::in_words(outcome)).into())
}
