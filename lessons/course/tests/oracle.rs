//! Programs that nobody here wrote, against the checks: the checks must accept what is right wherever
//! it comes from, and find what is wrong in it.
//!
//! They have to be installed, so they run only when asked for:
//!
//! ```text
//! SOCKLINGS_ORACLES=1 cargo test -p course --test oracle
//! ```
//!
//! A program that is not installed is ignored, saying so; with `CI` set, too, that is a failure.

#![forbid(unsafe_code)]

mod judge;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::LazyLock;

use anyhow::{Context as _, ensure};
use harness::outcome::Outcome;
use harness::report::{self, Reading};
use harness::{Lesson, Target, random};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// A program from elsewhere, and which checks it must pass and fail.
struct Oracle {
    /// The lesson's slug.
    lesson: &'static str,
    /// How it is started; `{address}`, `{ip}` and `{port}` are replaced.
    command: &'static [&'static str],
    /// What it must pass.
    passes: Checks,
    /// What it must fail, since it does so for a reason.
    fails: &'static [&'static str],
}

/// Some of a lesson's checks.
enum Checks {
    /// All that it does not have to fail.
    AllOthers,
    /// Only these, of a program that does a part of what the lesson asks.
    #[expect(dead_code, reason = "so far each does all of it")]
    These(&'static [&'static str]),
}

const ORACLES: &[Oracle] = &[
    Oracle {
        lesson: "connect",
        command: &[
            "python3",
            concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../203-connect/oracle/connect_ex.py"
            ),
        ],
        passes: Checks::AllOthers,
        fails: &[],
    },
    Oracle {
        lesson: "talk",
        // Without -t it leaves half a second after its input, whatever the server has still to say.
        command: &["socat", "-t60", "-", "TCP:{address}"],
        passes: Checks::AllOthers,
        // A reset is an end of input like any other to it.
        fails: &["reset-is-an-error"],
    },
    Oracle {
        lesson: "talk",
        // -N ends the sending half; -v says what went wrong.
        command: &["nc.openbsd", "-N", "-v", "{ip}", "{port}"],
        passes: Checks::AllOthers,
        // It leaves in peace after a reset.
        fails: &["reset-is-an-error"],
    },
    Oracle {
        lesson: "talk",
        command: &["ncat", "{ip}", "{port}"],
        passes: Checks::AllOthers,
        fails: &[],
    },
    Oracle {
        lesson: "echo",
        command: &[
            "socat",
            "TCP-LISTEN:{port},bind={ip},fork,reuseaddr",
            "EXEC:cat",
        ],
        passes: Checks::AllOthers,
        fails: &[],
    },
    Oracle {
        lesson: "echo",
        command: &["ncat", "-l", "-k", "{ip}", "{port}", "-e", "/bin/cat"],
        passes: Checks::AllOthers,
        // It leaves as soon as it sees the client's end, with cat's last answers unread.
        fails: &["half-close"],
    },
    Oracle {
        lesson: "udp-echo",
        command: &[
            "socat",
            // Its own buffer has 8 KiB, which would cut the largest datagram.
            "-b65535",
            "UDP-RECVFROM:{port},bind=[{ip}],fork",
            "PIPE",
        ],
        passes: Checks::AllOthers,
        // An empty datagram is the end of input to it.
        fails: &["empty-datagram"],
    },
];

fn main() -> ExitCode {
    harness::arena::prepare();
    let arguments = Arguments::from_args();
    let trials = ORACLES.iter().map(trial).collect();
    LazyLock::force(&judge::SCALE);
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(oracle: &'static Oracle) -> Trial {
    let name = format!("{}/{}", oracle.lesson, oracle.program());
    Trial::ignorable_test(name, move || {
        if let Some(reason) = oracle.is_ignored() {
            return Ok(Completion::ignored_with(reason));
        }
        match oracle.is_judged_well() {
            Ok(()) => Ok(Completion::Completed),
            Err(error) => Err(Failed::from(format!("{error:#}"))),
        }
    })
}

impl Oracle {
    fn program(&self) -> &'static str {
        self.command[0]
    }

    /// Why it is not run here, if it is not.
    fn is_ignored(&self) -> Option<String> {
        if !is_set("SOCKLINGS_ORACLES") {
            return Some("it runs only with SOCKLINGS_ORACLES=1".into());
        }
        let here = is_installed(self.program()) || is_set("CI");
        (!here).then(|| format!("{} is not installed", self.program()))
    }

    fn is_judged_well(&self) -> anyhow::Result<()> {
        ensure!(
            is_installed(self.program()),
            "{} is not installed, and CI is set: there it must be",
            self.program()
        );
        let lesson = course::find(self.lesson).context("there is no such lesson")?;
        let target = Target::command(self.command.iter().map(Into::into).collect());
        let seed = random::seed();
        let mut failed = BTreeSet::new();
        let mut told = String::new();
        for outcome in judge::outcomes(lesson, &target, seed)? {
            if matches!(outcome.outcome, Outcome::Failed(_)) {
                failed.insert(outcome.name);
                told.push_str(&report::text(lesson, &outcome, &self.reading(seed)));
            }
        }
        let must_pass = self.must_pass(lesson);
        let wrongly_failed: Vec<_> = failed.intersection(&must_pass).collect();
        ensure!(
            wrongly_failed.is_empty(),
            "it fails {wrongly_failed:?} and must not:\n{told}"
        );
        let missed: Vec<_> = self.fails.iter().filter(|c| !failed.contains(*c)).collect();
        ensure!(
            missed.is_empty(),
            "it passes {missed:?} and must not (seed {seed})"
        );
        Ok(())
    }

    fn reading(&self, seed: u64) -> Reading {
        let quoted = self.command.iter().map(|word| format!("'{word}'"));
        let command = quoted.collect::<Vec<_>>().join(" ");
        let slug = self.lesson;
        Reading {
            colour: false,
            again: format!("cargo socklings check {slug} {{check}} --seed {{seed}} -- {command}"),
            seed,
        }
    }

    fn must_pass(&self, lesson: &Lesson) -> BTreeSet<&'static str> {
        match self.passes {
            Checks::These(names) => names.iter().copied().collect(),
            Checks::AllOthers => {
                let names = lesson.checks.iter().map(|check| check.name);
                names.filter(|name| !self.fails.contains(name)).collect()
            }
        }
    }
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|folder: PathBuf| folder.join(program));
    places.any(|place| place.is_file())
}
