//! A grader that is killed at any moment loses nothing that was stored, and stores nothing twice.
//!
//! `SOCKLINGS_KILLS=50 cargo test -p socklings --test crash` does it fifty times to a class of forty.

#![forbid(unsafe_code)]
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gradebook::Gradebook;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use tempfile::TempDir;

struct Class {
    folder: TempDir,
    students: usize,
}

impl Class {
    /// Of programs that are graded in no time, each another one; every fifth does not compile.
    fn of(students: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..students {
            let end = if number % 5 == 4 { "oh no" } else { "" };
            let source = format!("// {number}\nfn main() {{ {end} }}\n");
            let place = folder
                .path()
                .join(format!("class/student-{number:02}/205-echo/src"));
            fs::create_dir_all(&place).expect("it is ours");
            fs::write(place.join("main.rs"), source).expect("it is ours");
        }
        fs::create_dir(folder.path().join("tmp")).expect("it is ours");
        Self { folder, students }
    }

    fn gradebook(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn grader(&self, gradebook: &Path) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("socklings"));
        command
            .arg("grade")
            .arg(self.folder.path().join("class"))
            .args([
                "--lesson",
                "echo",
                "--seed",
                "1",
                "--deadline-scale",
                "10",
                "--gradebook",
            ])
            .arg(gradebook)
            .env("TMPDIR", self.folder.path().join("tmp"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Every student's mark for echo, with the outcome of each check.
    fn marks(&self, gradebook: &Path) -> Vec<String> {
        let book = Gradebook::open_existing(gradebook).expect("it is there");
        assert!(book.is_whole().expect("it can be read"));
        let mut marks = Vec::new();
        for history in book.histories().expect("it can be read") {
            assert!(history.mark.is_some(), "{history:?}");
            let grading = book.grading(history.grading).expect("it can be read");
            let record = grading.expect("it is kept").record;
            let checks: Vec<_> = record
                .checks
                .iter()
                .map(|c| (&c.name, c.result.name()))
                .collect();
            let (student, result) = (&history.student, record.result.name());
            marks.push(format!("{student} {result} {} {checks:?}", record.points));
        }
        marks.sort();
        let all = u64::try_from(self.students).expect("few");
        let [students, submissions, gradings, _, given] = book.sizes().expect("it can be read");
        assert_eq!(
            [students, submissions, gradings, given],
            [all; 4],
            "no row twice, none missing"
        );
        marks
    }
}

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
