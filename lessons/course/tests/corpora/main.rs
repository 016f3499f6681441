//! How the grader is graded: every program of every lesson against every check.
//!
//! For each lesson: the skeleton compiles without warnings and fails; the solution passes; each
//! wrong program fails exactly the checks that its header names, and what it is told is kept as a
//! snapshot; each right program passes.

#![forbid(unsafe_code)]

mod amounts;
mod built;
mod header;
mod hearers;
#[path = "../judge/mod.rs"]
mod judge;
mod snapshot;
#[path = "../../../../grader/harness/tests/diagnosis/timeless.rs"]
mod timeless;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, LazyLock};

use anyhow::{Context as _, ensure};
use harness::outcome::{CheckOutcome, Outcome};
use harness::report::{self, Reading};
use harness::{Lesson, Target};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::built::{Built, Programs};
use crate::header::Header;

/// One seed for all, so that snapshots show the same data each time.
const SEED: u64 = 4711;

/// Whether programs in Python can be run.
static HAS_PYTHON: LazyLock<bool> = LazyLock::new(has_python);

fn main() -> ExitCode {
    harness::arena::prepare();
    let arguments = Arguments::from_args();
    let programs = Arc::new(Programs::find());
    let built = Arc::new(Built::default());
    // Processes are started for these: a check that runs meanwhile could not close anything for
    // certain.
    LazyLock::force(&judge::SCALE);
    LazyLock::force(&HAS_PYTHON);
    let mut trials = Vec::new();
    for lesson in course::LESSONS {
        trials.push(trial(lesson, "skeleton", &built, |built| {
            skeleton(lesson, built)
        }));
        trials.push(trial(lesson, "solution", &built, |built| {
            let solution = built.executable(&format!("{}-solution", lesson.slug))?;
            passes(lesson, &Target::executable(&solution))
        }));
        for name in &programs.of(lesson).wrong {
            let name = name.clone();
            trials.push(trial(
                lesson,
                &format!("wrong/{name}"),
                &built,
                move |built| wrong(lesson, &name, built),
            ));
        }
        for name in &programs.of(lesson).right {
            let name = name.clone();
            trials.push(trial(
                lesson,
                &format!("right/{name}"),
                &built,
                move |built| right(lesson, &name, built),
            ));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What a trial comes to: done, or skipped for a reason.
type Tried = anyhow::Result<Option<String>>;

fn trial(
    lesson: &Lesson,
    name: &str,
    built: &Arc<Built>,
    test: impl FnOnce(&Built) -> Tried + Send + 'static,
) -> Trial {
    let built = Arc::clone(built);
    Trial::ignorable_test(format!("{}/{name}", lesson.slug), move || {
        match test(&built) {
            Ok(None) => Ok(Completion::Completed),
            Ok(Some(reason)) => Ok(Completion::ignored_with(reason)),
            Err(error) => Err(Failed::from(format!("{error:#}"))),
        }
    })
}

fn skeleton(lesson: &'static Lesson, built: &Built) -> Tried {
    let warnings = built.warnings(lesson.slug)?;
    ensure!(
        warnings.is_empty(),
        "the skeleton has warnings:\n{warnings}"
    );
    let target = Target::executable(&built.executable(lesson.slug)?);
    let outcomes = outcomes(lesson, &target)?;
    let first = outcomes
        .iter()
        .find(|outcome| outcome.report().is_some())
        .context("the skeleton passes every check")?;
    snapshot::assert(lesson, "skeleton", &text(lesson, first));
    Ok(None)
}

fn passes(lesson: &'static Lesson, target: &Target) -> Tried {
    for outcome in outcomes(lesson, target)? {
        ensure!(
            outcome.report().is_none(),
            "a right program fails:\n{}",
            text(lesson, &outcome)
        );
    }
    Ok(None)
}

fn right(lesson: &'static Lesson, name: &str, built: &Built) -> Tried {
    let Some(script) = name.strip_suffix(".py") else {
        let stem = name.trim_end_matches(".rs");
        let program = format!("{}-right-{stem}", lesson.slug);
        ensure!(built.warnings(&program)?.is_empty(), "it has warnings");
        return passes(lesson, &Target::executable(&built.executable(&program)?));
    };
    if !*HAS_PYTHON {
        return Ok(Some("python3 is not installed".into()));
    }
    let path = built::course().join(format!("lessons/{}/right/{script}.py", lesson.folder()));
    passes(
        lesson,
        &Target::command(vec!["python3".into(), path.into()]),
    )
}

fn has_python() -> bool {
    let mut python = Command::new("python3");
    python.arg("-V").stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}

fn wrong(lesson: &'static Lesson, name: &str, built: &Built) -> Tried {
    let stem = name.trim_end_matches(".rs");
    let program = format!("{}-wrong-{stem}", lesson.slug);
    let warnings = built.warnings(&program)?;
    ensure!(warnings.is_empty(), "it has warnings:\n{warnings}");
    let source = built::course().join(format!("lessons/{}/wrong/{name}", lesson.folder()));
    let header = Header::read(&source)?;
    let outcomes = outcomes(lesson, &Target::executable(&built.executable(&program)?))?;
    for outcome in &outcomes {
        let name = outcome.name;
        match &outcome.outcome {
            Outcome::Passed => {
                ensure!(name != header.fails, "{name} passes and should catch it");
            }
            Outcome::Failed(_) => {
                let expected = name == header.fails || header.also.iter().any(|n| n == name);
                ensure!(
                    expected,
                    "{name} fails, which the header does not say:\n{}",
                    text(lesson, outcome)
                );
            }
            Outcome::Skipped(reason) if name == header.fails => {
                return Ok(Some(format!("{name} is skipped here: {reason}")));
            }
            Outcome::Skipped(_) | Outcome::GraderError(_) => {}
        }
    }
    let caught = outcomes.iter().find(|outcome| outcome.name == header.fails);
    let caught = caught.with_context(|| format!("there is no check {}", header.fails))?;
    snapshot::assert(lesson, stem, &text(lesson, caught));
    Ok(None)
}

fn outcomes(lesson: &'static Lesson, target: &Target) -> anyhow::Result<Vec<CheckOutcome>> {
    let outcomes = judge::outcomes(lesson, target, SEED)?;
    let fixed = outcomes.into_iter().map(amounts::fixed);
    Ok(fixed
        .map(|outcome| hearers::in_order(outcome, lesson.role))
        .collect())
}

fn text(lesson: &Lesson, outcome: &CheckOutcome) -> String {
    let reading = Reading {
        colour: false,
        again: format!("cargo test -p {} {{check}}   seed {{seed}}", lesson.slug),
        seed: SEED,
    };
    report::text(lesson, outcome, &reading)
}

/// The names of the files in `folder`, sorted; none if there is no such folder.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}
