//! A check can give its programs a capability over its own network. They get that one from the full box,
//! and nothing else; where there is no full box, the outcome is an error of the grader's.
//!
//! This executable plays all parts: it grades, it keeps the boxes, and it is the program in them. Where
//! the tests run as root, an ordinary user grades once more.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

#[path = "../../src/launcher.rs"]
#[expect(unused_imports, reason = "its own tests run with the commands")]
mod launcher;
mod program;

use std::fs::{self, Permissions};
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use harness::launch::{Direct, Launcher};
use harness::outcome::{CheckOutcome, Outcome};
use harness::output::Stream;
use harness::{
    Capability, Check, GraderError, Lesson, Program, Role, Run, Settings, Target, Verdict, suite,
};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use sandbox::{Kind, machine};
use tempfile::TempDir;

use crate::launcher::{Boxed, KEEPER};

/// A lesson that nobody is taught.
const LESSON: Lesson = Lesson {
    number: 999,
    slug: "raw",
    title: "Look below TCP and UDP",
    role: Role::Filter,
    verbs: &["socket", "recv"],
    checks: &[
        Check::new("raw", 1, "a datagram of alice's, as a frame", hears_alice)
            .gives(&[Capability::NetRaw]),
        Check::new("raw-alone", 1, "nothing else may be done", may_only_hear)
            .gives(&[Capability::NetRaw]),
        Check::new(
            "admin",
            1,
            "loopback can be changed",
            may_change_its_network,
        )
        .gives(&[Capability::NetRaw, Capability::NetAdmin]),
        Check::new("plain", 1, "no socket below UDP", may_nothing),
        Check::new("tells", 1, "what a report says of it", ends_too_early)
            .gives(&[Capability::NetRaw]),
    ],
    notes: &[],
    hints: &[],
};

/// Who is told so plays another part.
const PROGRAM: &str = "--program";
const AS_USER: &str = "--as-user";

fn main() -> ExitCode {
    sandbox::keeper::run_if_asked();
    let words: Vec<String> = std::env::args().collect();
    match words.get(1).map(String::as_str) {
        Some(PROGRAM) => return program::run(&words[2]),
        Some(AS_USER) => {}
        _ => return all_trials(),
    }
    // As the commands do: an ordinary user's networks belong to a user namespace of theirs.
    harness::arena::prepare();
    let arguments = Arguments {
        test_threads: Some(1),
        ..Arguments::default()
    };
    libtest_mimic::run(&arguments, trials()).exit_code()
}

fn all_trials() -> ExitCode {
    let arguments = Arguments::from_args();
    harness::arena::prepare();
    let mut all = trials();
    // Before the first process is started: one that has the copy open for writing, if only until its
    // exec, would keep it from running.
    let copy = rustix::process::geteuid().is_root().then(public_copy);
    if let Some(copy) = &copy {
        let copy = copy.as_ref().map(|(_, path)| path.clone());
        let copy = copy.map_err(ToString::to_string);
        all.push(Trial::test("an_ordinary_user_too", move || {
            as_an_ordinary_user(&copy?).map_err(Failed::from)
        }));
    }
    let ran = libtest_mimic::run(&arguments, all);
    drop(copy);
    ran.exit_code()
}

/// A trial of what only the full box can do.
fn in_full_box(name: &str, try_it: fn() -> Result<(), String>) -> Trial {
    Trial::ignorable_test(name, move || {
        if let Err(why) = machine::try_box(Path::new(KEEPER), Kind::Full) {
            return Ok(Completion::ignored_with(format!("no full box: {why}")));
        }
        try_it()
            .map(|()| Completion::Completed)
            .map_err(Failed::from)
    })
}

fn trials() -> Vec<Trial> {
    vec![
        in_full_box("a_raw_socket_hears_alice", || passes("raw")),
        in_full_box("nothing_else_may_be_done", || passes("raw-alone")),
        in_full_box("the_network_is_changed_by_whom_it_is_given", || {
            passes("admin")
        }),
        in_full_box("without_it_there_is_no_raw_socket", || passes("plain")),
        in_full_box("the_report_says_what_it_had", the_report_says_what_it_had),
        Trial::test("no_other_box_gives_it", || {
            no_other_box_gives_it().map_err(Failed::from)
        }),
        Trial::test("nor_is_it_given_over_the_machines_network", || {
            not_over_the_machines_network().map_err(Failed::from)
        }),
    ]
}

/// Runs one check, with this executable as the program.
fn outcome(
    check: &str,
    launcher: Arc<dyn Launcher>,
    isolated: bool,
) -> Result<CheckOutcome, String> {
    let settings = Settings {
        launcher,
        isolated,
        ..Settings::measured()
    };
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let check = LESSON.check(check).ok_or("a check of the lesson")?;
    let target = Target::command(vec![own.into()]);
    Ok(suite::run_check(&LESSON, check, &target, &settings))
}

fn full() -> Arc<dyn Launcher> {
    Arc::new(Boxed(Kind::Full))
}

fn passes(check: &str) -> Result<(), String> {
    let come = outcome(check, full(), true)?;
    match come.outcome {
        Outcome::Passed => Ok(()),
        other => Err(format!("{other:#?}")),
    }
}

/// The words of an error of the grader's; any other outcome is wrong.
fn graders_error(come: CheckOutcome) -> Result<String, String> {
    match come.outcome {
        Outcome::GraderError(words) => Ok(words),
        other => Err(format!("no error of the grader's: {other:?}")),
    }
}

fn contains(words: &str, expected: &str) -> Result<(), String> {
    if words.contains(expected) {
        Ok(())
    } else {
        Err(format!("{expected:?} is not in {words:?}"))
    }
}

fn no_other_box_gives_it() -> Result<(), String> {
    const WHAT: &str = "this check gives its program CAP_NET_RAW over its own network, which only the \
                        full box does";
    let boxes: [(Arc<dyn Launcher>, &str); 2] = [
        (Arc::new(Boxed(Kind::Light)), "this is the light one"),
        (Arc::new(Direct), "it is started without a box"),
    ];
    for (launcher, why) in boxes {
        let words = graders_error(outcome("raw", launcher, true)?)?;
        // Where there are no namespaces, that is said before.
        if !words.contains("there is no network of its own") {
            contains(&words, &format!("{WHAT}: {why}"))?;
        }
    }
    Ok(())
}

fn not_over_the_machines_network() -> Result<(), String> {
    let words = graders_error(outcome("raw", full(), false)?)?;
    contains(&words, "there is no network of its own: it was asked for")
}

fn the_report_says_what_it_had() -> Result<(), String> {
    let come = outcome("tells", full(), true)?;
    let json = serde_json::to_string(&come).map_err(|e| e.to_string())?;
    contains(&json, r#""capabilities":["CAP_NET_RAW"]"#)?;
    let reading = harness::report::Reading {
        colour: false,
        again: String::new(),
        seed: 0,
    };
    let report = harness::report::text(&LESSON, &come, &reading);
    contains(&report, "(it has CAP_NET_RAW over its own network)")
}

/// What an ordinary user may execute, wherever Cargo's folder is.
fn public_copy() -> io::Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("capability");
    fs::copy("/proc/self/exe", &copy)?;
    for path in [folder.path(), &copy] {
        fs::set_permissions(path, Permissions::from_mode(0o755))?;
    }
    Ok((folder, copy))
}

/// The same once more, by somebody who is nobody.
fn as_an_ordinary_user(grader: &Path) -> Result<(), String> {
    const NOBODY: u32 = 65534;
    let output = Command::new(grader)
        .arg(AS_USER)
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{said}");
    if output.status.success() {
        Ok(())
    } else {
        Err(said)
    }
}

/// Starts this executable as the program that does so.
fn start(run: &mut Run, what: &str) -> Verdict<Program> {
    run.start_filter(&[PROGRAM, what])
}

fn prints(program: &mut Program, line: &str) -> Verdict {
    let printed = program.line(line)?;
    if printed == line {
        Ok(())
    } else {
        Err(program.printed_otherwise(Stream::Output, line, &printed))
    }
}

/// Whoever hears a datagram that alice sends on loopback has its capability over the network that the
/// grader's peers are in, and not over another.
fn hears_alice(run: &mut Run) -> Verdict {
    let mut program = start(run, program::HEARS)?;
    prints(&mut program, "listens")?;
    let udp = || UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
    let sent = udp().and_then(|bob| udp()?.send_to(program::SENT, bob.local_addr()?));
    sent.map_err(GraderError::system("sending a datagram"))?;
    prints(&mut program, "hears it")?;
    program.expect_exit(0)
}

fn may(run: &mut Run, expected: &[&str]) -> Verdict {
    let mut program = start(run, program::TRIES)?;
    for line in expected {
        prints(&mut program, line)?;
    }
    program.expect_exit(0)
}

fn may_only_hear(run: &mut Run) -> Verdict {
    may(
        run,
        &[
            "icmp: yes",
            "frames: yes",
            "loopback: Operation not permitted",
            "port 80: Permission denied",
            "root: Operation not permitted",
            "capabilities: 2000 2000 2000 2000 2000",
        ],
    )
}

fn may_change_its_network(run: &mut Run) -> Verdict {
    may(
        run,
        &[
            "icmp: yes",
            "frames: yes",
            "loopback: yes",
            "port 80: Permission denied",
            "root: Operation not permitted",
            "capabilities: 3000 3000 3000 3000 3000",
        ],
    )
}

fn may_nothing(run: &mut Run) -> Verdict {
    may(
        run,
        &[
            "icmp: Operation not permitted",
            "frames: Address family not supported by protocol",
            "loopback: Operation not permitted",
            "port 80: Permission denied",
            "root: Operation not permitted",
            "capabilities: 0 0 0 0 0",
        ],
    )
}

fn ends_too_early(run: &mut Run) -> Verdict {
    let mut program = start(run, program::ENDS)?;
    prints(&mut program, "a line")
}
