//! A lesson's checks as tests of `cargo test`: one each, by name, filtered as usual.
//!
//! An exercise's `tests/checks.rs` is three lines that call [`main`].

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::arena;
use crate::lesson::{Check, Lesson};
use crate::outcome::{CheckOutcome, Outcome};
use crate::progress;
use crate::report::{Reading, Reports};
use crate::suite::{self, Settings, Target};

/// The environment variable that brings back the data of an earlier run.
const SEED: &str = "SOCKLINGS_SEED";

/// Runs the checks of `lesson` against `executable` as the command line's arguments ask for it.
///
/// The checks run side by side; their results appear in the lesson's order, so that the first
/// failure that a student reads is the first that should be mended.
pub fn main(lesson: Lesson, executable: &str) -> ExitCode {
    arena::prepare();
    let arguments = Arguments::from_args();
    let mut settings = Settings::measured();
    match std::env::var(SEED).map(|seed| seed.parse()) {
        Ok(Ok(seed)) => settings.seed = seed,
        Ok(Err(_)) => {
            eprintln!("{SEED} is not a number: unset it, or give the seed of an earlier report");
            return ExitCode::from(2);
        }
        Err(_) => {}
    }
    if let Some(jobs) = arguments.test_threads {
        settings.jobs = jobs;
    }
    let chosen: Vec<&'static Check> = lesson
        .checks
        .iter()
        .filter(|check| is_chosen(check.name, &arguments))
        .collect();
    let running = Arc::new(Running::default());
    let trials = lesson
        .checks
        .iter()
        .map(|check| trial(lesson, check, reading(&lesson, settings.seed), &running))
        .collect();
    if !arguments.list {
        let target = Target::executable(Path::new(executable));
        let running = Arc::clone(&running);
        std::thread::spawn(move || {
            let done = |outcome| running.finish(outcome);
            suite::run(&lesson, &chosen, &target, &settings, &done);
        });
    }
    // The trials only wait for their results, in the lesson's order.
    let arguments = Arguments {
        test_threads: Some(1),
        ..arguments
    };
    let conclusion = libtest_mimic::run(&arguments, trials);
    let all_ran = conclusion.num_filtered_out == 0 && !arguments.list;
    if all_ran && conclusion.num_failed == 0 && conclusion.num_passed > 0 {
        record(&lesson);
    }
    conclusion.exit_code()
}

/// Writes down that the lesson is done, where this is its exercise.
fn record(lesson: &Lesson) {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    if let Some(course) = progress::course_of(Path::new(&package))
        && let Err(error) = progress::record(&course, lesson)
    {
        // All the same it is done.
        eprintln!("{} cannot be written: {error}", progress::FILE);
    }
}

/// As libtest-mimic decides it.
fn is_chosen(name: &str, arguments: &Arguments) -> bool {
    let matches = |filter: &String| {
        if arguments.exact {
            name == filter
        } else {
            name.contains(filter.as_str())
        }
    };
    arguments.filter.as_ref().is_none_or(matches) && !arguments.skip.iter().any(matches)
}

/// The results as they come in.
#[derive(Default)]
struct Running {
    finished: Mutex<HashMap<&'static str, CheckOutcome>>,
    more: Condvar,
    reports: Mutex<Reports>,
}

impl Running {
    fn finish(&self, outcome: CheckOutcome) {
        lock(&self.finished).insert(outcome.name, outcome);
        self.more.notify_all();
    }

    /// Waits for the result of `name`.
    fn result(&self, name: &'static str) -> CheckOutcome {
        let mut finished = lock(&self.finished);
        loop {
            if let Some(result) = finished.remove(name) {
                return result;
            }
            let waited = self.more.wait(finished);
            finished = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn trial(lesson: Lesson, check: &'static Check, reading: Reading, running: &Arc<Running>) -> Trial {
    let running = Arc::clone(running);
    Trial::ignorable_test(check.name, move || {
        let outcome = running.result(check.name);
        match &outcome.outcome {
            Outcome::Passed => Ok(Completion::Completed),
            Outcome::Skipped(reason) => Ok(Completion::ignored_with(reason)),
            Outcome::Failed(_) | Outcome::GraderError(_) => {
                let report = lock(&running.reports).next(&lesson, &outcome, &reading);
                Err(Failed::from(report))
            }
        }
    })
}

fn reading(lesson: &Lesson, seed: u64) -> Reading {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    Reading {
        colour,
        again: format!("{SEED}={{seed}} cargo test -p {} {{check}}", lesson.slug),
        seed,
    }
}
