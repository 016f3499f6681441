//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use gradebook::Count;

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
    /// Grade a class: one folder or archive a student, in each a folder a lesson
    ///
    /// Only the students' src/ counts. What comes of each submission is kept in the gradebook at once;
    /// the same command again goes on where it stopped, and grades nothing twice. Each is
    /// compiled and run in a box: what it cannot reach, and how to choose, see --box and `doctor`.
    Grade(Grade),
    /// Ask the gradebook: who is where, which checks most fail, what changed
    Gradebook(Questions),
    /// Write a site: a page of the class, and one a student to be sent to that student
    Report(Report),
    /// Hand the marks over to another system
    Export(Export),
    /// Write the folder that students get: no solutions, no hidden checks
    Handout(Handout),
    /// Show what this machine can do for the course, and what to do about the rest
    Doctor,
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
    /// Folders or archives (.zip, .tar.gz, .tgz) of submissions, an entry a student
    #[arg(required = true, value_name = "SUBMISSIONS")]
    pub(crate) submissions: Vec<PathBuf>,
    /// How much processor time the compiler may use for one submission
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) build_seconds: u16,
    /// Grade only this lesson; may be given several times
    #[arg(long, value_name = "LESSON")]
    pub(crate) lesson: Vec<String>,
    /// Who takes the course: a CSV file with the columns id and name
    #[arg(long, value_name = "FILE")]
    pub(crate) roster: Option<PathBuf>,
    /// Say what was handed in later than this: 2026-11-20T23:59
    #[arg(long, value_name = "TIME", value_parser = crate::grade::clock::parse)]
    pub(crate) deadline: Option<i64>,
    /// Grade again what was graded before
    #[arg(long)]
    pub(crate) fresh: bool,
    #[command(flatten)]
    pub(crate) gradebook: GradebookFile,
    #[command(flatten)]
    pub(crate) run: RunOptions,
}

/// Where marks are kept.
#[derive(Debug, Args)]
pub(crate) struct GradebookFile {
    /// The gradebook
    #[arg(
        long = "gradebook",
        global = true,
        value_name = "FILE",
        default_value = "grades.db"
    )]
    pub(crate) file: PathBuf,
}

/// Which marks.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    #[command(flatten)]
    pub(crate) gradebook: GradebookFile,
    /// Only this lesson, and out of its points; may be given several times [default: all that somebody
    /// has handed in]
    #[arg(long, global = true, value_name = "LESSON")]
    pub(crate) lesson: Vec<String>,
    /// Which of several marks for a lesson counts: latest or best
    #[arg(long, global = true, value_name = "WHICH", default_value = "latest")]
    pub(crate) count: Count,
}

#[derive(Debug, Args)]
pub(crate) struct Questions {
    #[command(subcommand)]
    pub(crate) question: Question,
    #[command(flatten)]
    pub(crate) choice: Choice,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Question {
    /// Every student's total
    Students,
    /// How each lesson went
    Lessons,
    /// The checks that somebody fails, those that most fail first
    Checks,
    /// All of one student
    Student {
        /// The student's id
        id: String,
    },
    /// Who fails one check, and how
    Check {
        /// The lesson: echo, 205 or 205-echo
        lesson: String,
        /// The check
        check: String,
    },
    /// How each last mark differs from the one before
    Changes,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// Where the site is written
    #[arg(long, value_name = "DIR")]
    pub(crate) html: PathBuf,
    #[command(flatten)]
    pub(crate) choice: Choice,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// For whom
    #[arg(value_enum)]
    pub(crate) format: ExportFormat,
    /// Where it is written [default: standard output]
    #[arg(value_name = "FILE")]
    pub(crate) folder: Option<PathBuf>,
    /// One student's marks
    #[arg(long, value_name = "ID")]
    pub(crate) student: Option<String>,
    /// The platform's own export, to be filled in (canvas, moodle)
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
    /// Where the programs are (similarity)
    #[arg(long, value_name = "SUBMISSIONS")]
    pub(crate) from: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) choice: Choice,
}

/// What other systems read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// results.json of one student
    Gradescope,
    /// results.json of one student
    Prairielearn,
    /// The line of scores of one student
    Autolab,
    /// Messages of structured output, of one student
    Codegrade,
    /// JUnit XML
    Junit,
    /// The gradebook's CSV, filled in
    Canvas,
    /// The grading worksheet, filled in
    Moodle,
    /// A table
    Csv,
    /// Everything
    Json,
    /// Folders of programs without names, for JPlag, Dolos and compare50
    Similarity,
}

#[derive(Debug, Args)]
pub(crate) struct Handout {
    /// An empty folder, or one that is not there
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

/// How checks are run and shown.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Bring back the random data of an earlier run
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many checks (of a class: submissions) run at a time [default: as many as there are processors]
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
