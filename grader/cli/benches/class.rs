//! A class of distinct submissions of echo, right and wrong ones mixed, against the floor: only compiling
//! the same with `cargo build`, as many at a time, dependencies already built. Both in one run.
//!
//! ```text
//! cargo bench -p socklings --bench class            # 300 submissions
//! cargo bench -p socklings --bench class -- 30
//! ```

#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn main() {
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let count: usize = asked.unwrap_or(300);
    let jobs = std::thread::available_parallelism().map_or(2, usize::from);
    let course = course();
    let sources = sources(&course, count);
    let folder = tempfile::tempdir().expect("a folder");

    let floor = compile_only(&course, folder.path(), &sources, jobs);
    let (class, peak) = grade(folder.path(), &sources, jobs);

    row("only compiling with cargo build (floor)", floor, count);
    row("socklings grade", class, count);
    let ratio = class.as_secs_f64() / floor.as_secs_f64();
    println!("{ratio:.2} × the floor; aim: at most 1.3");
    println!("peak memory of the grader {peak} MiB; aim: under 150");
}

fn course() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// `count` different programs: the solution and the wrong ones in turn, each with a line of its own.
fn sources(course: &Path, count: usize) -> Vec<String> {
    let wrong = fs::read_dir(course.join("lessons/205-echo/wrong")).expect("it is there");
    let mut paths: Vec<PathBuf> = wrong.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let solution = course.join("solutions/205-echo/src/main.rs");
    // Half of them right, as in a class.
    let turn = paths.iter().flat_map(|wrong| [&solution, wrong]).cycle();
    let read = |path: &PathBuf| fs::read_to_string(path).expect("it is text");
    turn.take(count)
        .enumerate()
        .map(|(number, path)| format!("{}\n// {number}\n", read(path)))
        .collect()
}

/// Compiles each in a package of its own, `jobs` at a time; each thread has a target folder in which the
/// dependencies are built before the clock starts.
fn compile_only(course: &Path, folder: &Path, sources: &[String], jobs: usize) -> Duration {
    let lock = course.join("Cargo.lock");
    let benches: Vec<PathBuf> = (0..jobs)
        .map(|job| {
            let package = folder.join(format!("floor-{job}"));
            fs::create_dir_all(package.join("src")).expect("it is ours");
            fs::write(package.join("Cargo.toml"), MANIFEST).expect("it is ours");
            fs::copy(&lock, package.join("Cargo.lock")).expect("there is room");
            fs::write(package.join("src/main.rs"), &sources[0]).expect("it is ours");
            build(&package);
            package
        })
        .collect();
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for package in &benches {
            let next = &next;
            scope.spawn(move || {
                while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
                    fs::write(package.join("src/main.rs"), source).expect("it is ours");
                    build(package);
                }
            });
        }
    });
    start.elapsed()
}

const MANIFEST: &str = "\
[package]
name = \"echo\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]
rustix = { version = \"1.1\", features = [\"event\", \"fs\", \"net\", \"param\", \"pipe\", \"process\", \"stdio\", \"termios\", \"thread\"] }

[profile.dev]
debug = \"line-tables-only\"

[workspace]
";

fn build(package: &Path) {
    let status = Command::new(env!("CARGO"))
        .current_dir(package)
        .args(["build", "--quiet", "--offline", "--jobs", "1"])
        .env("CARGO_TARGET_DIR", package.join("target"))
        .env_remove("CARGO_MANIFEST_DIR")
        .stderr(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "it builds");
}

/// Grades them all; the time, and the grader's peak memory in MiB.
fn grade(folder: &Path, sources: &[String], jobs: usize) -> (Duration, u64) {
    let class = folder.join("class");
    for (number, source) in sources.iter().enumerate() {
        let place = class.join(format!("student-{number:04}/205-echo/src"));
        fs::create_dir_all(&place).expect("it is ours");
        fs::write(place.join("main.rs"), source).expect("it is ours");
    }
    let start = Instant::now();
    let mut grader = Command::new(env!("CARGO_BIN_EXE_socklings"))
        .arg("grade")
        .arg(&class)
        .args([
            "--lesson",
            "echo",
            "--jobs",
            &jobs.to_string(),
            "--gradebook",
        ])
        .arg(folder.join("grades.db"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it is built");
    // The last lines of its log come when all is done, and it still lives.
    let log = grader.stderr.take().expect("it is piped");
    let status = PathBuf::from(format!("/proc/{}/status", grader.id()));
    let mut peak = 0;
    let lines = std::io::BufRead::lines(std::io::BufReader::new(log));
    for _ in lines.map_while(Result::ok) {
        peak = peak_of(&status).unwrap_or(peak);
    }
    let code = grader.wait().expect("it ends").code();
    let elapsed = start.elapsed();
    assert_eq!(code, Some(1), "all are graded, and some fail");
    (elapsed, peak)
}

/// The most memory that a process had resident, in MiB (`man 5 proc_pid_status`, VmHWM).
fn peak_of(status: &Path) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1024)
}

fn row(what: &str, time: Duration, count: usize) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let each = time.as_secs_f64() * 1000.0 / f64::from(count);
    println!(
        "{what:45} {:>8.1} s   {each:>7.1} ms each of {count}",
        time.as_secs_f64()
    );
}
