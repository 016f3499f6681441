//! `socklings check`: one program against one lesson.

use std::ffi::OsStr;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use harness::outcome::{CheckOutcome, Outcome};
use harness::payload::{plural, visible};
use harness::report::{Reading, Reports};
use harness::{Lesson, Settings, Target, suite};
use serde::Serialize;

use crate::args::{Check, Format};
use crate::boxed::Strength;
use crate::build::{self, Ungradable};
use crate::exit::{Exit, Usage};
use crate::{exercise, home, names, progress};

/// What came of one program, as JSON has it.
#[derive(Debug, Serialize)]
pub(crate) struct Graded {
    pub(crate) lesson: &'static str,
    pub(crate) seed: u64,
    pub(crate) outcome: &'static str,
    pub(crate) points: u32,
    pub(crate) max_points: u32,
    pub(crate) checks: Vec<CheckOutcome>,
    /// How strong the box was that the program ran in: full, light or none.
    #[serde(rename = "box")]
    pub(crate) strength: &'static str,
    /// What that box does not keep a program from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_promised: Vec<&'static str>,
    /// Why there is nothing to grade, or what went wrong on the grader's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl Graded {
    /// From the outcomes of all checks that ran.
    pub(crate) fn new(lesson: &Lesson, seed: u64, checks: Vec<CheckOutcome>) -> Self {
        let error = checks.iter().find_map(|check| match &check.outcome {
            Outcome::GraderError(reason) => Some(format!("{}: {reason}", check.name)),
            _ => None,
        });
        Self {
            lesson: lesson.slug,
            seed,
            outcome: if error.is_some() {
                "grader_error"
            } else {
                "graded"
            },
            points: checks.iter().map(CheckOutcome::points).sum(),
            max_points: checks.iter().map(|check| check.max_points).sum(),
            checks,
            strength: Strength::default().name(),
            not_promised: Vec::new(),
            reason: error,
        }
    }

    /// The same, of a program in such a box.
    pub(crate) fn in_box(mut self, strength: Strength) -> Self {
        self.strength = strength.name();
        self.not_promised = strength.does_not_promise();
        self
    }

    /// A submission that holds nothing to grade.
    pub(crate) fn ungradable(lesson: &Lesson, seed: u64, reason: &Ungradable) -> Self {
        Self {
            lesson: lesson.slug,
            seed,
            outcome: "ungradable",
            points: 0,
            max_points: lesson.max_points(),
            checks: Vec::new(),
            strength: Strength::default().name(),
            not_promised: Vec::new(),
            reason: Some(reason.to_string()),
        }
    }

    /// What the shell is told.
    pub(crate) fn exit(&self) -> Exit {
        match self.outcome {
            "grader_error" => Exit::GraderError,
            "ungradable" => Exit::Ungradable,
            _ if self.checks.iter().any(|check| check.report().is_some()) => Exit::Failed,
            _ => Exit::Passed,
        }
    }
}

pub(crate) fn run(options: &Check) -> anyhow::Result<Exit> {
    let lesson = names::lesson(&options.lesson)?;
    let checks = names::checks(lesson, &options.checks)?;
    if options.solution && !options.command.is_empty() {
        return Err(Usage::SolutionAndCommand.into());
    }
    let mut settings = options.run.settings();
    let strength = Strength::chosen(options.run.strength)?.with(options.run.arena);
    settings.launcher = strength.launcher();
    let target = match target(lesson, options)? {
        Ok(target) => target,
        Err(reason) => {
            let graded = Graded::ungradable(lesson, settings.seed, &reason).in_box(strength);
            match options.run.format {
                Format::Json => print_json(&graded)?,
                Format::Text => writeln!(std::io::stderr(), "{reason}")?,
            }
            return Ok(Exit::Ungradable);
        }
    };
    let mut exit = Exit::Passed;
    let mut passed = 0;
    for _ in 0..options.repeat {
        let outcomes = suite::run_all(lesson, &checks, &target, &settings);
        if options.command.is_empty() && !options.solution {
            progress::record_if_done(&home::find()?, lesson, &outcomes);
        }
        let graded = Graded::new(lesson, settings.seed, outcomes).in_box(strength);
        exit = exit.worst(graded.exit());
        if graded.exit() == Exit::Passed {
            passed += 1;
        }
        match options.run.format {
            Format::Json => print_json(&graded)?,
            Format::Text if options.repeat == 1 => print_text(lesson, options, &settings, &graded)?,
            Format::Text if graded.exit() == Exit::Passed => {}
            Format::Text => print_text(lesson, options, &settings, &graded)?,
        }
        settings.seed += 1;
    }
    if options.repeat > 1 && options.run.format == Format::Text {
        let all = options.repeat;
        writeln!(std::io::stdout(), "{passed} of {all} runs passed")?;
    }
    Ok(exit)
}

/// What is to be checked: the user's own command, the solution, or the exercise.
fn target(lesson: &Lesson, options: &Check) -> anyhow::Result<Result<Target, Ungradable>> {
    if let Some(program) = options.command.first() {
        must_be_executable(program)?;
        return Ok(Ok(Target::command(options.command.clone())));
    }
    let course = home::find()?;
    let package = exercise::package(&course, lesson, options.solution)?;
    let built = build::package(&course, &package)?;
    Ok(built.map(|executable| Target::executable(&executable)))
}

/// A command that cannot even be started is a slip of the keys, not a failed check.
fn must_be_executable(program: &OsStr) -> Result<(), Usage> {
    let name = || visible(&program.to_string_lossy());
    let is_executable = |path: &Path| rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok();
    if program.as_encoded_bytes().contains(&b'/') {
        let path = Path::new(program);
        return match path.is_file() {
            true if is_executable(path) => Ok(()),
            true => Err(Usage::NotExecutable { name: name() }),
            false => Err(Usage::NoSuchProgram {
                name: name(),
                hint: "",
            }),
        };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|folder: PathBuf| folder.join(program));
    if places.any(|place| place.is_file() && is_executable(&place)) {
        return Ok(());
    }
    let is_here = Path::new(program).is_file();
    Err(Usage::NoSuchProgram {
        name: name(),
        hint: if is_here {
            " in PATH. For the file in this folder write ./ before its name"
        } else {
            " in PATH"
        },
    })
}

fn print_json(graded: &Graded) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{}", serde_json::to_string(graded)?)?;
    Ok(())
}

fn print_text(
    lesson: &Lesson,
    options: &Check,
    settings: &Settings,
    graded: &Graded,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let reading = Reading {
        colour,
        again: again(lesson, options),
        seed: settings.seed,
    };
    writeln!(
        out,
        "{} {}   seed {}\n",
        lesson.number, lesson.slug, settings.seed
    )?;
    let width = graded
        .checks
        .iter()
        .map(|c| c.name.len())
        .max()
        .unwrap_or(0);
    for check in &graded.checks {
        let (mark, code) = match check.outcome {
            Outcome::Passed => ("✓", "32"),
            Outcome::Failed(_) => ("✗", "1;31"),
            Outcome::Skipped(_) => ("-", "0"),
            Outcome::GraderError(_) => ("!", "1;31"),
        };
        let mark = if colour {
            format!("\u{1b}[{code}m{mark}\u{1b}[0m")
        } else {
            mark.to_owned()
        };
        let points = format!("{}/{}", check.points(), check.max_points);
        writeln!(out, "{mark} {:width$}   {points}", check.name)?;
    }
    let mut reports = Reports::default();
    for check in graded.checks.iter().filter(|check| !check.passed()) {
        writeln!(
            out,
            "\n{}",
            reports.next(lesson, check, &reading).trim_end()
        )?;
    }
    let passed = graded.checks.iter().filter(|check| check.passed()).count();
    writeln!(
        out,
        "\n{passed} of {} passed, {} of {}",
        plural(graded.checks.len(), "check"),
        graded.points,
        plural(graded.max_points as usize, "point"),
    )?;
    Ok(())
}

/// The command line that runs one check again with the same data.
fn again(lesson: &Lesson, options: &Check) -> String {
    let mut line = format!(
        "cargo socklings check {} {{check}} --seed {{seed}}",
        lesson.slug
    );
    if options.solution {
        line.push_str(" --solution");
    }
    if !options.command.is_empty() {
        line.push_str(" -- …");
    }
    line
}
