//! How fast wrong programs are told so, and what that costs right ones: every wrong program of every
//! lesson with stalls and with deadlines alone, and every solution with both.
//!
//! ```text
//! cargo bench -p socklings --bench verdict [-- LESSON…]
//! ```
//!
//! With deadlines alone each failure takes seconds, so those runs use a tenth of the ordinary limits;
//! what is printed is multiplied back.

#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::clock::Scale;
use harness::failure::DecidedBy;
use harness::{Lesson, Settings, Target, suite};
use serde_json::Value;

/// What one lesson's wrong programs came to.
#[derive(Default)]
struct Sum {
    programs: u32,
    with_stalls: Duration,
    without_stalls: Duration,
    failures: usize,
    by_deadline: Vec<String>,
}

fn main() {
    harness::arena::prepare();
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let lessons: Vec<&Lesson> = course::LESSONS
        .iter()
        .filter(|lesson| chosen.is_empty() || chosen.iter().any(|name| name == lesson.slug))
        .collect();
    let programs = build(&lessons);
    println!(
        "{:12} {:>6} {:>14} {:>16} {:>7}   failures decided by deadline",
        "lesson", "wrong", "with stalls", "deadlines alone", "ratio"
    );
    let mut all = Sum::default();
    for lesson in &lessons {
        let sum = wrong_programs(lesson, &programs);
        print(lesson.slug, &sum);
        all.programs += sum.programs;
        all.with_stalls += sum.with_stalls;
        all.without_stalls += sum.without_stalls;
        all.failures += sum.failures;
        all.by_deadline.extend(sum.by_deadline);
    }
    print("all", &all);
    println!("\nby deadline: {}", all.by_deadline.join(", "));

    println!(
        "\n{:12} {:>14} {:>16} {:>7}",
        "solution", "with stalls", "deadlines alone", "ratio"
    );
    for lesson in &lessons {
        let Some(solution) = programs.get(&format!("{}-solution", lesson.slug)) else {
            continue;
        };
        let (with, without) = right_program(lesson, solution);
        println!(
            "{:12} {:>11.1} ms {:>13.1} ms {:>7.2}",
            lesson.slug,
            ms(with),
            ms(without),
            with.as_secs_f64() / without.as_secs_f64()
        );
    }
}

fn wrong_programs(lesson: &Lesson, programs: &BTreeMap<String, PathBuf>) -> Sum {
    const TENTH: f64 = 0.1;
    let mut sum = Sum::default();
    let prefix = format!("{}-wrong-", lesson.slug);
    for (name, path) in programs
        .iter()
        .filter(|(name, _)| name.starts_with(&prefix))
    {
        let target = Target::executable(path);
        let mut settings = Settings::with_scale(Scale::default());
        settings.seed = 4711;
        let checks: Vec<_> = lesson.checks.iter().collect();
        let start = Instant::now();
        let outcomes = suite::run_all(lesson, &checks, &target, &settings);
        sum.with_stalls += start.elapsed();
        for outcome in &outcomes {
            if let Some(report) = outcome.report() {
                sum.failures += 1;
                if report.failure.decided_by == DecidedBy::Deadline {
                    sum.by_deadline.push(format!("{name} {}", outcome.name));
                }
            }
        }
        settings.stalls = false;
        settings.scale = Scale::fixed(TENTH);
        let start = Instant::now();
        suite::run_all(lesson, &checks, &target, &settings);
        sum.without_stalls += start.elapsed().div_f64(TENTH);
        sum.programs += 1;
    }
    sum
}

/// The median of all checks against the solution, with stalls and without, in turn.
fn right_program(lesson: &Lesson, solution: &Path) -> (Duration, Duration) {
    const RUNS: usize = 11;
    let target = Target::executable(solution);
    let checks: Vec<_> = lesson.checks.iter().collect();
    let mut samples = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        for (stalls, samples) in [true, false].into_iter().zip(&mut samples) {
            let mut settings = Settings::with_scale(Scale::default());
            settings.stalls = stalls;
            let start = Instant::now();
            suite::run_all(lesson, &checks, &target, &settings);
            samples.push(start.elapsed());
        }
    }
    let [with, without] = samples.map(|mut samples| {
        samples.sort();
        samples[RUNS / 2]
    });
    (with, without)
}

fn print(name: &str, sum: &Sum) {
    if sum.programs == 0 {
        return;
    }
    println!(
        "{name:12} {:>6} {:>11.1} ms {:>13.1} ms {:>7.1}   {} of {}",
        sum.programs,
        ms(sum.with_stalls / sum.programs),
        ms(sum.without_stalls / sum.programs),
        sum.without_stalls.as_secs_f64() / sum.with_stalls.as_secs_f64(),
        sum.by_deadline.len(),
        sum.failures,
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// All programs of these lessons, as cargo builds them for the tests.
fn build(lessons: &[&Lesson]) -> BTreeMap<String, PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(here.ancestors().nth(2).unwrap_or(here));
    cargo.args(["build", "--bins", "--examples", "--message-format=json"]);
    for lesson in lessons {
        cargo.args(["--package", &format!("{}-lesson", lesson.slug)]);
        cargo.args(["--package", &format!("{}-solution", lesson.slug)]);
    }
    let output = cargo.stdin(Stdio::null()).output().expect("cargo starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = output
        .stdout
        .split(|&b| b == b'\n')
        .filter(|line| !line.is_empty());
    lines
        .filter_map(|line| {
            let message: Value = serde_json::from_slice(line).ok()?;
            let path = message["executable"].as_str()?;
            Some((message["target"]["name"].as_str()?.to_owned(), path.into()))
        })
        .collect()
}
