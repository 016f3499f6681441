//! What the shell is told.

use std::process::ExitCode;

/// The exit status of every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All that was checked passed.
    Passed = 0,
    /// Some check failed.
    Failed = 1,
    /// The command line asks for something that there is not.
    Usage = 2,
    /// The grader could not do its part.
    GraderError = 3,
    /// A submission does not build, or holds no program.
    Ungradable = 4,
}

impl Exit {
    /// Of several results the one that needs attention first: an error of the grader before a
    /// submission that cannot be graded before a check that failed.
    pub(crate) fn worst(self, other: Self) -> Self {
        let rank = |exit| match exit {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Ungradable => 2,
            Self::GraderError => 3,
            Self::Usage => 4,
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// A mistake in the command line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Usage {
    #[error("there is no lesson \"{name}\"{hint}\nSee all: cargo socklings list")]
    NoSuchLesson { name: String, hint: String },
    #[error("lesson {lesson} has no check \"{name}\"{hint}\nIts checks: {all}")]
    NoSuchCheck {
        lesson: String,
        name: String,
        hint: String,
        all: String,
    },
    #[error("there is no program \"{name}\"{hint}")]
    NoSuchProgram { name: String, hint: &'static str },
    #[error(
        "\"{name}\" cannot be run: it is not executable (chmod +x it, or name its interpreter)"
    )]
    NotExecutable { name: String },
    #[error("--solution and a COMMAND exclude each other: which of them is to be checked?")]
    SolutionAndCommand,
    #[error("there is no folder \"{name}\": {reason}")]
    NoSuchFolder { name: String, reason: String },
    #[error(
        "\"{name}\" holds no submission: expected one folder a student, in each a folder a lesson \
         (205-echo or echo) with the student's src/"
    )]
    NoSubmissions { name: String },
    #[error("\"{name}\" is neither a folder nor a .zip, .tar.gz or .tgz file")]
    NoFolderAndNoArchive { name: String },
    #[error(
        "the roster \"{name}\" cannot be used: {reason}. It is a CSV file with the columns id and name"
    )]
    BadRoster { name: String, reason: String },
    #[error("there is no student \"{name}\" in the gradebook{hint}")]
    NoSuchStudent { name: String, hint: String },
    /// Something else that is to be written differently.
    #[error("{0}")]
    Other(String),
    #[error("all lessons are done: name the one you mean")]
    AllDone,
    #[error(
        "{exercise} is not there: it was deleted, moved or renamed{elsewhere}\nThe skeleton comes back \
         with: cargo socklings reset {slug}"
    )]
    NoExercise {
        exercise: String,
        elsewhere: String,
        slug: &'static str,
    },
    #[error(
        "{slug} is not done yet: its solution is shown when all its checks have passed\nA hint: cargo \
         socklings hint {slug}"
    )]
    NotDone { slug: &'static str },
    #[error(
        "this copy of the course holds no solutions: ask whoever has handed it out whether they are shown"
    )]
    NoSolutions,
    #[error(
        "{slug} has no sockets: it reads standard input and writes standard output\nTry it with: cargo \
         run -p {slug}"
    )]
    NoSockets { slug: &'static str },
    #[error("the script {name} cannot be read: {reason}")]
    NoScript { name: String, reason: String },
    #[error("SOCKLINGS_SEED is not a number: unset it, or give the seed of an earlier report")]
    NoSeed,
    #[error("watch needs a terminal, for its input and for its output")]
    NoTerminal,
    #[error(
        "this is not the course's folder, nor below it: run the command where the course was cloned to"
    )]
    NotTheCourse,
}
