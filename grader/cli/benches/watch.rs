//! What a student waits for with `watch`: from a save until its verdict stands on the screen. As a student
//! has it, so in the profile that students use:
//!
//! ```text
//! cargo bench --profile dev -p socklings --bench watch
//! ```

#![forbid(unsafe_code)]
#![expect(dead_code, reason = "the tests and the other measures use the rest")]

mod course_copy;
#[path = "../tests/seat/pty.rs"]
mod pty;

use std::time::{Duration, Instant};

use pty_process::blocking::Command;

use crate::course_copy::{Copy, course};
use crate::pty::Session;

/// How often each thing is measured.
const ROUNDS: usize = 15;

fn main() {
    let course = course();
    let folder = tempfile::tempdir().expect("a folder");
    let work = Copy::of(&course, folder.path());
    let exercise = work.folder().join("exercises/205-echo/src/main.rs");
    let read = |path: &str| std::fs::read_to_string(course.join(path)).expect("it is there");
    let right = read("solutions/205-echo/src/main.rs");
    let wrong = read("lessons/205-echo/skeleton/src/main.rs");
    let save = |program: &str, round: usize| {
        std::fs::write(&exercise, format!("{program}\n// {round}\n")).expect("it is ours");
    };
    let build = || work.cargo(&["build", "--quiet", "--package", "echo"]);

    save(&right, 0);
    build();
    let floor = median((0..ROUNDS).map(|round| {
        save(&right, round + 1);
        build()
    }));

    let session = Session::start(watch(&work), 24, 80);
    let checks = ::course::find("echo").expect("a lesson").checks.len();
    let [red, green] = [0, checks].map(|passed| format!("{passed} of {checks} checks passed"));
    session.shows(&[&green]);
    let (mut reds, mut greens) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let begin = Instant::now();
        save(&wrong, round);
        session.shows(&[&red, "what happened"]);
        reds.push(begin.elapsed());
        let begin = Instant::now();
        save(&right, round + 1000);
        session.shows(&[&green]);
        greens.push(begin.elapsed());
    }
    session.press("q");
    let (status, _) = session.end();
    assert!(status.success(), "{status}");

    row("cargo build -p echo after a change (floor)", floor, "");
    row("from a save until all is red", median(reds), "");
    let aim = "aim: under 1 s";
    row("from a save until all is green", median(greens), aim);
}

fn watch(work: &Copy) -> Command {
    Command::new(env!("CARGO_BIN_EXE_socklings"))
        .args(["watch", "echo"])
        .current_dir(work.folder())
        .env("CARGO_TARGET_DIR", work.folder().join("target"))
        .env("CARGO_NET_OFFLINE", "true")
        .env("TERM", "xterm-256color")
        .env_remove("CARGO_MANIFEST_DIR")
}

fn median(times: impl IntoIterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.into_iter().collect();
    times.sort();
    times[times.len() / 2]
}

fn row(what: &str, time: Duration, remark: &str) {
    println!(
        "{what:52} {:>9.1} ms   {remark}",
        time.as_secs_f64() * 1000.0
    );
}
