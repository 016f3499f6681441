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
    /// List the lessons, and which are done
    List,
    /// Check an exercise whenever you save, on a full screen
    Watch(Watch),
    /// Help with a check: one hint more each time
    Hint(Hint),
    /// Play the other side by hand, and see what your program and the kernel make of it
    Try(Try),
    /// Bring an exercise's skeleton back; what you wrote is kept beside it
    Reset(Reset),
    /// Show the reference solution of a lesson that you have done
    Solution(Solution),
    /// Check one program against a lesson
    ///
    /// With nothing after LESSON, the exercise is built and checked. Exit status: 0 all passed,
    /// 1 some check failed, 2 usage, 3 grader error, 4 ungradable (it does not build).
    Check(Check),
    /// Grade a class: one folder a student, in each a folder a lesson
    ///
    /// Only the students' src/ counts. Programs are not isolated from this machine yet: grade only
    /// submissions that you would run yourself.
    Grade(Grade),
}

#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The lesson to begin with [default: the first that is not done]
    pub(crate) lesson: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Hint {
    /// The lesson [default: the first that is not done]
    pub(crate) lesson: Option<String>,
    /// The check [default: the first that fails now]
    pub(crate) check: Option<String>,
}

/// The prompt explains itself: type help.
#[derive(Debug, Args)]
pub(crate) struct Try {
    /// The lesson: echo, 205 or 205-echo
    pub(crate) lesson: String,
    /// Try the reference solution
    #[arg(long)]
    pub(crate) solution: bool,
    /// Say what this file says, line by line, as if you typed it
    #[arg(long, value_name = "FILE")]
    pub(crate) script: Option<PathBuf>,
    /// What stands on the program's command line behind the address; {address} is replaced
    #[arg(last = true, value_name = "WORD")]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Reset {
    /// The lesson: echo, 205 or 205-echo
    pub(crate) lesson: String,
}

#[derive(Debug, Args)]
pub(crate) struct Solution {
    /// The lesson: echo, 205 or 205-echo
    pub(crate) lesson: String,
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
