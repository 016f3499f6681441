//! What a student waits for: the checks of a lesson, and a change until its verdict. Each figure stands
//! beside a floor that was measured in the same run.
//!
//! ```text
//! cargo bench -p socklings --bench student
//! ```

#![forbid(unsafe_code)]

#[expect(dead_code, reason = "the other measures use the rest")]
mod course_copy;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::{Settings, Target, suite};

use crate::course_copy::{Copy, course};

fn main() {
    harness::arena::prepare();
    let course = course();
    let solution = build_solution(&course);
    let echo = course::find("echo").expect("a lesson");
    let checks: Vec<_> = echo.checks.iter().collect();
    let one_message: Vec<_> = echo.check("one-message").into_iter().collect();
    let target = Target::executable(&solution);
    let settings = Settings::measured();

    let all = median(15, || {
        let outcomes = suite::run_all(echo, &checks, &target, &settings);
        assert!(outcomes.iter().all(harness::outcome::CheckOutcome::passed));
    });
    let bare = median(30, || bare_conversation(&solution));
    let check = median(30, || {
        let outcomes = suite::run_all(echo, &one_message, &target, &settings);
        assert!(outcomes[0].passed());
    });
    row(
        "all checks of echo against its solution",
        all,
        "aim: under 500 ms",
    );
    row("one conversation without the harness (floor)", bare, "");
    row(
        "the check one-message",
        check,
        &format!("{:.1} × the floor", ratio(check, bare)),
    );
    row(
        "so the harness adds to a check",
        check.saturating_sub(bare),
        "aim: under 10 ms",
    );

    let copy = tempfile::tempdir().expect("a folder");
    let work = Copy::of(&course, copy.path());
    work.solve();
    row(
        "first cargo test -p echo on a clean checkout",
        work.test(),
        "aim: under 40 s",
    );
    work.change(0);
    work.test();
    let floor = median_of(5, |i| {
        work.change(i + 1);
        work.cargo(&["build", "--package", "echo"])
    });
    let changed = median_of(5, |i| {
        work.change(i + 100);
        work.test()
    });
    row(
        "a changed line until cargo build -p echo (floor)",
        floor,
        "",
    );
    let aim = format!("{:.1} × the floor; aim: under 1.5 s", ratio(changed, floor));
    row("a changed line until the verdict", changed, &aim);
}

fn build_solution(course: &Path) -> PathBuf {
    let status = Command::new(env!("CARGO"))
        .current_dir(course)
        .args([
            "build",
            "--quiet",
            "--package",
            "echo-solution",
            "--target-dir",
        ])
        .arg(course.join("target"))
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "the solution builds"
    );
    course.join("target/debug/echo-solution")
}

/// Starts the program, waits until it listens, exchanges one message, ends it: with nothing but std.
fn bare_conversation(program: &Path) {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    let address = free.expect("a free port");
    let mut child = Command::new(program)
        .arg(address.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut stream = loop {
        if let Ok(stream) = TcpStream::connect(address) {
            break stream;
        }
    };
    let mut answer = [0; 5];
    stream.write_all(b"hello").expect("it takes it");
    stream.read_exact(&mut answer).expect("it answers");
    assert_eq!(&answer, b"hello");
    child.kill().expect("it runs");
    child.wait().expect("it was killed");
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    median_of(runs, |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    })
}

fn median_of(runs: usize, mut measure: impl FnMut(usize) -> Duration) -> Duration {
    let mut samples: Vec<Duration> = (0..runs).map(&mut measure).collect();
    samples.sort();
    samples[samples.len() / 2]
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn row(what: &str, time: Duration, remark: &str) {
    println!(
        "{what:52} {:>9.1} ms   {remark}",
        time.as_secs_f64() * 1000.0
    );
}
