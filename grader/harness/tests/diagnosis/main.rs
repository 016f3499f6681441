//! What is told of each way to be wrong, without a word from any lesson: for each wrong program the
//! rule that speaks, and the whole report as a snapshot.

#![forbid(unsafe_code)]

#[path = "../stall/programs.rs"]
mod programs;
mod timeless;
mod told;

use std::process::ExitCode;

use harness::clock::Scale;
use harness::report::{self, Reading};
use harness::{Settings, Target, suite};
use libtest_mimic::{Arguments, Failed, Trial};

use crate::programs::Program;
use crate::told::{LESSON, TOLD, Told};

fn main() -> ExitCode {
    harness::arena::prepare();
    let arguments = Arguments::from_args();
    if !cfg!(target_os = "linux") {
        println!("what a program waits for is seen on Linux alone");
        return ExitCode::SUCCESS;
    }
    let programs = match programs::of("wrong") {
        Ok(programs) => programs,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials: Vec<Trial> = TOLD.iter().map(|told| trial(told, &programs)).collect();
    trials.push(Trial::test("each-is-told", move || each_is_told(&programs)));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn each_is_told(programs: &[Program]) -> Result<(), Failed> {
    let is_told = |program: &&Program| TOLD.iter().any(|told| told.program == program.name);
    match programs.iter().find(|program| !is_told(program)) {
        Some(program) => Err(format!("{} is in no test", program.name).into()),
        None => Ok(()),
    }
}

fn trial(told: &'static Told, programs: &[Program]) -> Trial {
    let program = programs.iter().find(|program| program.name == told.program);
    let target = program.map(|program| program.target(&[]));
    Trial::test(told.program, move || {
        is_told(told, &target.ok_or("there is no such program")?)
    })
}

fn is_told(told: &Told, target: &Target) -> Result<(), Failed> {
    let mut settings = Settings::with_scale(Scale::fixed(told.patience));
    settings.seed = 4711;
    let check = LESSON
        .check(told.check)
        .ok_or("the lesson has no such check")?;
    let outcome = suite::run_check(&LESSON, check, target, &settings);
    let reading = Reading {
        colour: false,
        again: "cargo test".into(),
        seed: settings.seed,
    };
    let report = report::text(&LESSON, &outcome, &reading);
    let rule = outcome.report().map(|report| report.diagnosis.rule);
    if rule != Some(told.rule) {
        return Err(format!("expected {}, got {rule:?}:\n{report}", told.rule).into());
    }
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path("told");
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    insta.bind(|| {
        insta::assert_snapshot!(told.program, timeless::timeless(&report, LESSON.role));
    });
    Ok(())
}
