//! A grader that is killed at any moment loses nothing that was stored, and stores nothing twice.
//!
//! `SOCKLINGS_KILLS=50 cargo test -p socklings --test crash` does it fifty times to a class of forty.

#![forbid(unsafe_code)]
#![cfg(target_os = "linux")]

mod small_class;

use std::process::Command;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use small_class::Class;

/// Lets the grader run for `moment`, then kills it; whether it was still running.
fn kill_after(mut command: Command, moment: Duration) -> bool {
    let mut grader = command.spawn().expect("it is built");
    let pid = Pid::from_child(&grader);
    let pidfd = pidfd_open(pid, PidfdFlags::empty()).expect("it is our child");
    let moment = Timespec::try_from(moment).expect("it is short");
    let ended = poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&moment)).expect("it waits");
    if ended == 0 {
        kill_process(pid, Signal::KILL).expect("it is not waited for yet");
    }
    grader.wait().expect("it ends");
    ended == 0
}

#[test]
fn killed_again_and_again_the_class_gets_the_marks_of_an_undisturbed_run() {
    let asked = std::env::var("SOCKLINGS_KILLS").ok();
    let (kills, students) = match asked.map(|text| text.parse().expect("a number")) {
        Some(kills) => (kills, 40),
        None => (4, 5),
    };
    let class = Class::of(students);
    // The first of all compiles the libraries, and would tell a time that no other takes.
    let first = class.gradebook("first.db");
    let status = class.grader(&first).status().expect("it is built");
    assert_eq!(status.code(), Some(4));
    let undisturbed = class.gradebook("undisturbed.db");
    let start = Instant::now();
    let status = class.grader(&undisturbed).status().expect("it is built");
    assert_eq!(status.code(), Some(4));
    let whole = start.elapsed();
    let expected = class.marks(&undisturbed);

    let disturbed = class.gradebook("disturbed.db");
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut killed = 0;
    for _ in 0..kills {
        // The first comes before a half of the class can be done.
        let share = 2.0 * random.f64() / f64::from(kills);
        killed += u32::from(kill_after(class.grader(&disturbed), whole.mul_f64(share)));
    }
    let status = class.grader(&disturbed).status().expect("it is built");
    assert_eq!(status.code(), Some(4), "seed {seed}");
    assert!(killed > 0, "none was killed while it ran");
    assert_eq!(class.marks(&disturbed), expected, "seed {seed}");
}

#[test]
fn two_graders_at_the_same_time_share_one_gradebook() {
    let class = Class::of(5);
    let gradebook = class.gradebook("shared.db");
    let mut graders = [1, 2].map(|_| class.grader(&gradebook).spawn().expect("it is built"));
    for grader in &mut graders {
        assert_eq!(grader.wait().expect("it ends").code(), Some(4));
    }
    class.marks(&gradebook);
}
