//! Programs that nobody here wrote, against the checks: the checks must accept what is right wherever
//! it comes from, and find what is wrong in it.
//!
//! They have to be installed, so they run only when asked for:
//!
//! ```text
//! SOCKLINGS_ORACLES=1 cargo test -p course --test oracle
//! ```
//!
//! A program that is not installed is ignored, saying so; with `CI` set, too, that is a failure. What
//! this machine does not allow is ignored, saying so.

#![forbid(unsafe_code)]

mod judge;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::LazyLock;

use anyhow::{Context as _, bail, ensure};
use harness::outcome::Outcome;
use harness::report::{self, Reading};
use harness::{Lesson, Target, random};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// A program from elsewhere, and which checks it must pass and fail.
struct Oracle {
    /// The lesson's slug.
    lesson: &'static str,
    /// What it is called in the list of tests.
    name: &'static str,
    /// How it is started; `{address}`, `{ip}` and `{port}` are replaced.
    command: &'static [&'static str],
    /// The programs that must be there for it.
    needs: &'static [&'static str],
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
    These(&'static [&'static str]),
}

/// Our own file of this path in lessons/.
macro_rules! file {
    ($path:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../", $path)
    };
}

const INETD: &str = file!("course/tests/oracles/inetd.sh");
/// inetd, and what gives it a table of services of its own.
const INETD_NEEDS: &[&str] = &["inetutils-inetd", "unshare", "mount"];

const ORACLES: &[Oracle] = &[
    // The script makes a capture file of the frames, and shows in our words what tshark finds in it.
    Oracle {
        lesson: "layers",
        name: "tshark",
        command: &["python3", file!("101-layers/oracle/tshark.py")],
        needs: &["python3", "tshark"],
        passes: Checks::AllOthers,
        // What there is of a header that is cut short tshark shows. Where that is an error to us is
        // nothing that it says.
        fails: &["truncated-headers", "many-frames"],
    },
    // The script asks the C library: inet_pton, inet_ntop.
    Oracle {
        lesson: "addresses",
        name: "inet_pton",
        command: &["python3", file!("102-addresses/right/inet_pton.py")],
        needs: &["python3"],
        passes: Checks::AllOthers,
        fails: &[],
    },
    Oracle {
        lesson: "greet",
        name: "python3",
        command: &["python3", file!("202-greet/right/greet.py")],
        needs: &["python3"],
        passes: Checks::AllOthers,
        fails: &[],
    },
    // Says what time it is: one line, to whoever calls.
    Oracle {
        lesson: "greet",
        name: "inetd-daytime",
        command: &["sh", INETD, "daytime", "stream", "{ip}", "{port}"],
        needs: INETD_NEEDS,
        passes: Checks::These(&[
            "closes-after-the-greeting",
            "one-after-another",
            "speaks-first",
            "leaks-no-descriptors",
            "survives-a-reset",
        ]),
        fails: &["greets", "names-the-caller", "ipv6"],
    },
    Oracle {
        lesson: "connect",
        name: "connect_ex",
        command: &["python3", file!("203-connect/oracle/connect_ex.py")],
        needs: &["python3"],
        passes: Checks::AllOthers,
        fails: &[],
    },
    Oracle {
        lesson: "talk",
        name: "socat",
        // Without -t it leaves half a second after its input, whatever the server has still to say.
        command: &["socat", "-t60", "-", "TCP:{address}"],
        needs: &["socat"],
        passes: Checks::AllOthers,
        // A reset is an end of input like any other to it.
        fails: &["reset-is-an-error"],
    },
    Oracle {
        lesson: "talk",
        name: "nc.openbsd",
        // -N ends the sending half; -v says what went wrong.
        command: &["nc.openbsd", "-N", "-v", "{ip}", "{port}"],
        needs: &["nc.openbsd"],
        passes: Checks::AllOthers,
        // It leaves in peace after a reset.
        fails: &["reset-is-an-error"],
    },
    Oracle {
        lesson: "talk",
        name: "ncat",
        command: &["ncat", "{ip}", "{port}"],
        needs: &["ncat"],
        passes: Checks::AllOthers,
        fails: &[],
    },
    Oracle {
        lesson: "echo",
        name: "socat",
        command: &[
            "socat",
            "TCP-LISTEN:{port},bind={ip},fork,reuseaddr",
            "EXEC:cat",
        ],
        needs: &["socat"],
        passes: Checks::AllOthers,
        fails: &[],
    },
    Oracle {
        lesson: "echo",
        name: "ncat",
        command: &["ncat", "-l", "-k", "{ip}", "{port}", "-e", "/bin/cat"],
        needs: &["ncat"],
        passes: Checks::AllOthers,
        // It leaves as soon as it sees the client's end, with cat's last answers unread.
        fails: &["half-close"],
    },
    Oracle {
        lesson: "echo",
        name: "inetd",
        command: &["sh", INETD, "echo", "stream", "{ip}", "{port}"],
        needs: INETD_NEEDS,
        passes: Checks::AllOthers,
        fails: &[],
    },
    // The server is that of Python's library; ours is what it does with a line.
    Oracle {
        lesson: "threads",
        name: "threading-server",
        command: &["python3", file!("301-threads/oracle/threading-server.py")],
        needs: &["python3"],
        passes: Checks::AllOthers,
        fails: &[],
    },
    Oracle {
        lesson: "udp-echo",
        name: "socat",
        command: &[
            "socat",
            // Its own buffer has 8 KiB, which would cut the largest datagram.
            "-b65535",
            "UDP-RECVFROM:{port},bind=[{ip}],fork",
            "PIPE",
        ],
        needs: &["socat"],
        passes: Checks::AllOthers,
        // An empty datagram is the end of input to it.
        fails: &["empty-datagram"],
    },
    Oracle {
        lesson: "udp-echo",
        name: "inetd",
        command: &["sh", INETD, "echo", "dgram", "{ip}", "{port}"],
        needs: INETD_NEEDS,
        passes: Checks::AllOthers,
        // Its buffer has 8 KiB (inetutils), which cuts this one.
        fails: &["largest-datagram"],
    },
];

fn main() -> ExitCode {
    harness::arena::prepare();
    let arguments = Arguments::from_args();
    let trials = ORACLES.iter().map(trial).collect();
    LazyLock::force(&judge::SCALE);
    LazyLock::force(&NO_MOUNTS);
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(oracle: &'static Oracle) -> Trial {
    let name = format!("{}/{}", oracle.lesson, oracle.name);
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
    /// What it needs, and is not installed.
    fn missing(&self) -> Option<&'static str> {
        self.needs.iter().copied().find(|name| !is_installed(name))
    }

    /// Why it is not run here, if it is not.
    fn is_ignored(&self) -> Option<String> {
        if !is_set("SOCKLINGS_ORACLES") {
            return Some("it runs only with SOCKLINGS_ORACLES=1".into());
        }
        if let Some(missing) = self.missing() {
            return (!is_set("CI")).then(|| format!("{missing} is not installed"));
        }
        let mounts = self.needs.contains(&"mount");
        NO_MOUNTS.clone().filter(|_| mounts)
    }

    fn is_judged_well(&self) -> anyhow::Result<()> {
        if let Some(missing) = self.missing() {
            bail!("{missing} is not installed, and CI is set: there it must be");
        }
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

/// Why a program cannot have mounts of its own on this machine, if it cannot.
static NO_MOUNTS: LazyLock<Option<String>> = LazyLock::new(|| {
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount"]);
    unshare.args(["mount", "-t", "tmpfs", "here", "/mnt"]);
    match unshare.output() {
        Ok(tried) if tried.status.success() => None,
        Ok(tried) => {
            let said = String::from_utf8_lossy(&tried.stderr);
            Some(format!("no mounts of its own here: {}", said.trim()))
        }
        Err(error) => Some(format!("no mounts of its own here: {error}")),
    }
});

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// Whether it is in PATH, or where Debian has what only root is thought to use.
fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/sbin"].map(PathBuf::from));
    folders.iter().any(|folder| folder.join(program).is_file())
}
