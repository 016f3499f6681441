//! A program is ended with all that it has started, whatever way its check ends.

#![forbid(unsafe_code)]

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use harness::outcome::{CheckOutcome, Outcome};
use harness::{Check, Lesson, Role, Run, Settings, Target, Verdict, suite};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// A lesson with one check.
fn lesson(checks: &'static [Check]) -> Lesson {
    Lesson {
        number: 999,
        slug: "ending",
        title: "Ends",
        role: Role::Filter,
        verbs: &[],
        checks,
        notes: &[],
        hints: &[],
    }
}

/// Runs the check of `checks` against a shell script, whose first argument is a FIFO, and returns what
/// came of it together with what the script wrote there.
fn run(checks: &'static [Check], script: &str) -> (CheckOutcome, Vec<i32>) {
    let folder = Folder::new();
    let fifo = folder.0.join("pids");
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    let words = ["sh", "-c", script, "sh"].map(Into::into);
    let target = Target::command([&words[..], &[fifo.clone().into()]].concat());
    let lesson = lesson(checks);
    std::thread::scope(|scope| {
        // Opening a FIFO waits for the other side, so the pids are known when the check goes on.
        let pids = scope.spawn(|| {
            let mut text = String::new();
            let mut fifo = std::fs::File::open(&fifo).expect("it is there");
            fifo.read_to_string(&mut text).expect("it is text");
            text.split_whitespace()
                .map(|pid| pid.parse().expect("a number"))
                .collect()
        });
        let outcome = suite::run_check(&lesson, &checks[0], &target, &Settings::measured());
        (outcome, pids.join().expect("it reads"))
    })
}

/// A private folder, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("socklings-ending-{:x}", fastrand::u64(..));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Waits until `pid` is no more, for a generous while.
fn is_gone(pid: i32) -> bool {
    let Some(pid) = Pid::from_raw(pid) else {
        return false;
    };
    let Ok(pidfd) = pidfd_open(pid, PidfdFlags::empty()) else {
        return true;
    };
    let a_while = Timespec {
        tv_sec: 10,
        tv_nsec: 0,
    };
    poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&a_while)) == Ok(1)
}

fn reads_a_line(run: &mut Run) -> Verdict {
    let mut program = run.start_filter(&[])?;
    program.line("ready")?;
    Ok(())
}

fn reads_a_line_and_panics(run: &mut Run) -> Verdict {
    let mut program = run.start_filter(&[])?;
    program.line("ready")?;
    panic!("this check is broken");
}

fn listens(run: &mut Run) -> Verdict {
    run.start_server().map(drop)
}

const PASSES: &[Check] = &[Check::new("passes", 1, "a line", reads_a_line)];
const PANICS: &[Check] = &[Check::new("panics", 1, "a line", reads_a_line_and_panics)];
const LISTENS: &[Check] = &[Check::new("listens", 1, "a server", listens)];

#[test]
fn a_program_ends_with_its_check() {
    let (outcome, pids) = run(PASSES, "echo $$ > $1; echo ready; exec sleep 1000");
    assert!(outcome.passed(), "{outcome:?}");
    assert!(is_gone(pids[0]));
}

#[test]
fn its_children_end_with_it() {
    let script = "sleep 1000 & echo $$ $! > $1; echo ready; wait";
    let (outcome, pids) = run(PASSES, script);
    assert!(outcome.passed(), "{outcome:?}");
    assert!(pids.len() == 2 && pids.into_iter().all(is_gone));
}

#[test]
fn a_daemon_that_has_left_its_session_and_parent_ends_too() {
    let daemon = "setsid sh -c 'echo $$ > $0; echo ready; exec sleep 1000' $1 & exit";
    let (outcome, pids) = run(PASSES, daemon);
    assert!(outcome.passed(), "{outcome:?}");
    assert!(is_gone(pids[0]));
}

#[test]
fn a_check_that_panics_is_an_error_of_the_graders_and_ends_the_program_all_the_same() {
    let (outcome, pids) = run(PANICS, "echo $$ > $1; echo ready; exec sleep 1000");
    let Outcome::GraderError(reason) = &outcome.outcome else {
        panic!("{outcome:?}");
    };
    assert!(reason.contains("this check is broken"), "{reason}");
    assert!(is_gone(pids[0]));
}

#[test]
fn an_early_exit_is_noticed_at_once() {
    let start = Instant::now();
    let (outcome, _) = run(LISTENS, "echo > $1; echo no luck >&2; exit 7");
    let report = outcome.report().expect("it fails");
    assert!(
        report
            .headline
            .contains("exited with status 7 before it listened")
    );
    assert_eq!(report.failure.evidence.error, ["no luck"]);
    // Far less than the ten seconds that a program may take to listen.
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_program_that_cannot_be_started_is_no_failure_of_the_students() {
    let target = Target::executable(Path::new("/no/such/program"));
    let lesson = lesson(PASSES);
    let outcome = suite::run_check(&lesson, &PASSES[0], &target, &Settings::measured());
    assert!(
        matches!(outcome.outcome, Outcome::GraderError(_)),
        "{outcome:?}"
    );
}
