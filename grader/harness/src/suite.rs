//! Runs the checks of a lesson side by side.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::arena::{self, Arena};
use crate::capability::cannot_be_given;
use crate::clock::Scale;
use crate::diagnosis;
use crate::failure::{GraderError, Stopped};
use crate::launch::{Direct, Launcher};
use crate::lesson::{Check, Lesson, Needs};
use crate::outcome::{CheckOutcome, Outcome, Report};
use crate::random::{self, Random};
use crate::run::Run;
use crate::stage::Conditions;

/// The address among the words with which a lesson starts a program: `["send", ADDRESS, "file"]`.
pub const ADDRESS: &str = "{address}";

/// What is put to the test: an executable, or any command.
#[derive(Clone, Debug)]
pub struct Target {
    words: Vec<OsString>,
    /// Whether it is the same program wherever it is started.
    is_executable: bool,
}

impl Target {
    /// An executable of a lesson: started with its arguments and nothing else. In a lesson about files
    /// it works in a folder of its own, see [`Run::folder`].
    pub fn executable(path: &Path) -> Self {
        // Without a current folder, no program can be started from it either: that will be told.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self {
            words: vec![path.into()],
            is_executable: true,
        }
    }

    /// A command of the user's own. `{address}`, `{ip}` and `{port}` in it are replaced, and what
    /// else the lesson has to say is appended; where none of them occurs, the address is, too. It works
    /// where the user is, since its words may name files there.
    pub fn command(words: Vec<OsString>) -> Self {
        Self {
            words,
            is_executable: false,
        }
    }

    /// Whether it is an executable of a lesson, which needs nothing from the folder it works in.
    pub(crate) fn is_executable(&self) -> bool {
        self.is_executable
    }

    /// The program's name.
    pub fn program(&self) -> &OsStr {
        self.words
            .first()
            .map_or(OsStr::new(""), OsString::as_os_str)
    }

    /// The program and its arguments as they are.
    pub(crate) fn words(&self) -> (OsString, Vec<OsString>) {
        let mut words = self.words.iter().cloned();
        (words.next().unwrap_or_default(), words.collect())
    }

    /// The program, its arguments, and the lesson's, with the address in its place.
    pub(crate) fn fill(&self, address: SocketAddr, lesson: &[&str]) -> (OsString, Vec<OsString>) {
        let values = [
            (ADDRESS, address.to_string()),
            ("{ip}", address.ip().to_string()),
            ("{port}", address.port().to_string()),
        ];
        let mut filled = false;
        let mut words = self.words.iter().map(|word| {
            // A word that is not UTF-8 is left as it is.
            let Some(text) = word.to_str() else {
                return word.clone();
            };
            let mut text = text.to_owned();
            for (name, value) in &values {
                filled |= text.contains(name);
                text = text.replace(name, value);
            }
            text.into()
        });
        let program = words.next().unwrap_or_default();
        let mut args: Vec<OsString> = words.collect();
        for &word in lesson {
            if word != ADDRESS {
                args.push(word.into());
            } else if !filled {
                args.push(address.to_string().into());
            }
        }
        (program, args)
    }
}

/// How checks are run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where random data comes from.
    pub seed: u64,
    /// How many checks run at a time.
    pub jobs: usize,
    /// How slow the machine is.
    pub scale: Scale,
    /// Whether stalls decide; otherwise only deadlines do.
    pub stalls: bool,
    /// Whether each check gets a network of its own where the machine allows it.
    pub isolated: bool,
    /// How programs are started.
    pub launcher: Arc<dyn Launcher>,
}

impl Settings {
    /// A fresh seed, as many jobs as processors, limits as this machine needs them.
    pub fn measured() -> Self {
        Self::with_scale(Scale::measured())
    }

    /// The same, with limits multiplied by `scale`.
    pub fn with_scale(scale: Scale) -> Self {
        Self {
            seed: random::seed(),
            jobs: std::thread::available_parallelism().map_or(2, usize::from),
            scale,
            stalls: true,
            isolated: true,
            launcher: Arc::new(Direct),
        }
    }
}

/// Runs `checks` of `lesson`, `settings.jobs` at a time, and hands each outcome to `done` as soon as it
/// is known.
pub fn run(
    lesson: &Lesson,
    checks: &[&'static Check],
    target: &Target,
    settings: &Settings,
    done: &(dyn Fn(CheckOutcome) + Sync),
) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..settings.jobs.clamp(1, checks.len().max(1)) {
            scope.spawn(|| {
                while let Some(&check) = checks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    done(run_check(lesson, check, target, settings));
                }
            });
        }
    });
}

/// Runs `checks` as [`run`] does, and gives the outcomes in the order of `checks`.
pub fn run_all(
    lesson: &Lesson,
    checks: &[&'static Check],
    target: &Target,
    settings: &Settings,
) -> Vec<CheckOutcome> {
    let outcomes = Mutex::new(Vec::new());
    let lock = || outcomes.lock().unwrap_or_else(PoisonError::into_inner);
    run(lesson, checks, target, settings, &|outcome| {
        lock().push(outcome);
    });
    let mut outcomes = outcomes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    outcomes.sort_by_key(|outcome| checks.iter().position(|check| check.name == outcome.name));
    outcomes
}

/// Runs one check, in a thread of its own: an arena belongs to a thread.
pub fn run_check(
    lesson: &Lesson,
    check: &'static Check,
    target: &Target,
    settings: &Settings,
) -> CheckOutcome {
    let start = Instant::now();
    let outcome = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            catch_unwind(AssertUnwindSafe(|| {
                converse(lesson, check, target, settings)
            }))
        });
        match thread.join() {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) | Err(panic) => {
                let message = panic_message(panic.as_ref());
                Outcome::GraderError(GraderError::Panicked { message }.to_string())
            }
        }
    });
    CheckOutcome {
        name: check.name,
        max_points: check.points,
        outcome,
        duration: start.elapsed(),
        capabilities: check.capabilities,
    }
}

fn converse(lesson: &Lesson, check: &Check, target: &Target, settings: &Settings) -> Outcome {
    if check.needs != Needs::Anything && !cfg!(target_os = "linux") {
        return Outcome::Skipped("it relies on what only Linux does".into());
    }
    let arena = if settings.isolated {
        arena::enter()
    } else {
        Arena::Host("it was asked for".into())
    };
    if !check.capabilities.is_empty()
        && let Arena::Host(reason) = &arena
    {
        let why = format!("there is no network of its own: {reason}");
        return Outcome::GraderError(cannot_be_given(check.capabilities, &why).to_string());
    }
    if let (Needs::Isolated, Arena::Host(reason)) = (check.needs, &arena) {
        return Outcome::Skipped(format!(
            "it needs a network of its own, and there is none: {reason}"
        ));
    }
    let conditions = Conditions {
        launcher: Arc::clone(&settings.launcher),
        scale: settings.scale,
        stalls: settings.stalls,
    };
    let random = Random::new(settings.seed, check.name);
    let mut run = Run::new(arena, conditions, target.clone(), random);
    run.stage().capabilities.set(check.capabilities);
    let verdict = (check.conversation)(&mut run);
    if let Some(why) = run
        .stage()
        .processes()
        .iter()
        .find_map(|p| p.keepers_error())
    {
        return Outcome::GraderError(why);
    }
    match verdict {
        Ok(()) => Outcome::Passed,
        Err(Stopped::Skipped(reason)) => Outcome::Skipped(reason),
        Err(Stopped::Error(error)) => Outcome::GraderError(error.to_string()),
        Err(Stopped::Failed(failure)) => {
            let transcript = &run.stage().transcript;
            let mut diagnosis = diagnosis::of(lesson, &failure, transcript);
            diagnosis.section = diagnosis.section.or(check.section);
            Outcome::Failed(Box::new(Report {
                headline: failure.headline(),
                diagnosis,
                failure: *failure,
                transcript: transcript.events(),
            }))
        }
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(command: &[&str], lesson: &[&str]) -> Vec<String> {
        let target = Target::command(command.iter().map(OsString::from).collect());
        let address = "127.0.0.1:9000".parse().expect("an address");
        let (program, args) = target.fill(address, lesson);
        let words = std::iter::once(program).chain(args);
        words
            .map(|word| word.into_string().expect("text"))
            .collect()
    }

    #[test]
    fn the_address_stands_where_the_lesson_has_it() {
        let words = filled(&["copy.py"], &["send", ADDRESS, "file"]);
        assert_eq!(words, ["copy.py", "send", "127.0.0.1:9000", "file"]);
    }

    #[test]
    fn a_command_with_a_place_for_the_address_gets_the_rest_in_order() {
        let words = filled(&["nc", "{ip}", "-p{port}"], &["send", ADDRESS, "file"]);
        assert_eq!(words, ["nc", "127.0.0.1", "-p9000", "send", "file"]);
    }
}
