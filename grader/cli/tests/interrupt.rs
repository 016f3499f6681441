//! Ctrl-C ends the programs too, though a terminal's signal does not reach them.

#![forbid(unsafe_code)]

use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};

/// Sends `signal` to the grader while it waits for a program and for what that has started. Both must
/// end; how the grader ended is returned.
fn interrupted_by(signal: Signal, script: &str) -> std::process::ExitStatus {
    let folder = tempfile::tempdir().expect("a folder");
    let fifo = folder.path().join("pids");
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    let mut grader = Command::new(assert_cmd::cargo::cargo_bin!("socklings"))
        .args(["check", "echo", "one-message", "--", "sh", "-c", script])
        .arg(&fifo)
        .stdout(Stdio::null())
        .spawn()
        .expect("it is built");
    // Opening a FIFO waits for the other side: now the program runs.
    let mut pids = String::new();
    let mut fifo = std::fs::File::open(&fifo).expect("it is there");
    fifo.read_to_string(&mut pids).expect("it is text");
    let pidfds: Vec<_> = pids
        .split_whitespace()
        .filter_map(|pid| Pid::from_raw(pid.parse().expect("a number")))
        .map(|pid| pidfd_open(pid, PidfdFlags::empty()).expect("it runs"))
        .collect();
    assert!(!pidfds.is_empty());

    kill_process(Pid::from_child(&grader), signal).expect("it runs");
    let status = grader.wait().expect("it ends");
    for pidfd in &pidfds {
        let a_while = Timespec {
            tv_sec: 10,
            tv_nsec: 0,
        };
        let ended = poll(&mut [PollFd::new(pidfd, PollFlags::IN)], Some(&a_while));
        assert_eq!(ended, Ok(1), "a program outlives the grader");
    }
    status
}

#[test]
fn ctrl_c_ends_the_program_and_its_children() {
    let script = "sleep 1000 & echo $$ $! > $0; wait";
    let status = interrupted_by(Signal::INT, script);
    assert_eq!(status.signal(), Some(2), "the shell sees what ended it");
}

#[test]
fn so_does_a_hang_up_and_a_polite_request_to_end() {
    for signal in [Signal::HUP, Signal::TERM] {
        interrupted_by(signal, "echo $$ > $0; exec sleep 1000");
    }
}

#[test]
fn a_killed_grader_takes_its_program_along() {
    let status = interrupted_by(Signal::KILL, "echo $$ > $0; exec sleep 1000");
    assert_eq!(status.signal(), Some(9));
}
