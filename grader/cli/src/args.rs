//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Socklings: socket programming, with exercises that grade themselves.
#[derive(Debug, Parser)]
#[command(name = "socklings", bin_name = "cargo socklings", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the lessons
    List,
    /// Check one program against a lesson
    ///
    /// With nothing after LESSON, the exercise is built and checked. Exit status: 0 all passed,
    /// 1 some check failed, 2 usage, 3 grader error, 4 ungradable (it does not build).
    Check(Check),
    /// Grade a class: one folder a student, in each a folder a lesson
    ///
    /// Only the students' src/ counts. Each is compiled and run in a box: what it cannot reach, and how
    /// to choose, see --box and `doctor`.
    Grade(Grade),
    /// Show what this machine can do for the course, and what to do about the rest
    Doctor,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The lesson: echo, 205 or 205-echo
    pub(crate) lesson: String,
    /// Only these checks
    #[arg(value_name = "CHECK")]
    pub(crate) checks: Vec<String>,
    /// Check the reference solution
    #[arg(long)]
    pub(crate) solution: bool,
    /// Run all checks so many times, each time with the next seed
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repeat: u32,
    #[command(flatten)]
    pub(crate) run: RunOptions,
    /// Check this command; {address}, {ip} and {port} in it are replaced, or else the address is
    /// appended
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Grade {
    /// Folders of submissions
    #[arg(required = true, value_name = "DIR")]
    pub(crate) folders: Vec<PathBuf>,
    /// How much processor time the compiler may use for one submission
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) build_seconds: u16,
    /// Grade only this lesson; may be given several times
    #[arg(long, value_name = "LESSON")]
    pub(crate) lesson: Vec<String>,
    #[command(flatten)]
    pub(crate) run: RunOptions,
}

/// How checks are run and shown.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Bring back the random data of an earlier run
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many checks run at a time [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,
    /// Multiply all deadlines, in place of measuring how slow this machine is
    #[arg(long, value_name = "FACTOR", value_parser = positive)]
    pub(crate) deadline_scale: Option<f64>,
    /// Let only deadlines decide that nothing more will come
    #[arg(long)]
    pub(crate) no_stall: bool,
    /// Where programs meet their clients
    #[arg(long, value_enum, default_value_t = ArenaChoice::Isolated)]
    pub(crate) arena: ArenaChoice,
    /// How programs are kept from harming this machine [default: for grade the strongest box that it
    /// can build, else none]
    #[arg(long = "box", value_enum, value_name = "STRENGTH")]
    pub(crate) strength: Option<BoxChoice>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// A network of its own for each check, or the machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ArenaChoice {
    /// A network of its own for each check, where this machine allows it
    Isolated,
    /// The machine's own loopback
    Host,
}

/// A sandbox for programs that nobody trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BoxChoice {
    /// Namespaces, or nothing: programs see only what they need
    Full,
    /// Landlock: where namespaces are forbidden. Promises less; the output says what
    Light,
    /// Programs run as you, with all that you may do
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: one object
    Json,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor.is_finite() && factor > 0.0 => Ok(factor),
        _ => Err("it must be a number greater than 0".into()),
    }
}

impl RunOptions {
    /// The harness's settings.
    pub(crate) fn settings(&self) -> harness::Settings {
        let mut settings = match self.deadline_scale {
            Some(factor) => harness::Settings::with_scale(harness::clock::Scale::fixed(factor)),
            None => harness::Settings::measured(),
        };
        settings.stalls = !self.no_stall;
        settings.isolated = self.arena == ArenaChoice::Isolated;
        if let Some(seed) = self.seed {
            settings.seed = seed;
        }
        if let Some(jobs) = self.jobs {
            settings.jobs = jobs.into();
        }
        settings
    }
}
