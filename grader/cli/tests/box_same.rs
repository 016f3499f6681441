//! A box changes nothing for a program that behaves: right ones pass in it, and wrong ones fail the same
//! checks and are told the same.
//!
//! A sample by default; every program of every lesson with
//! `cargo test -p socklings --test box_same -- --ignored --nocapture`, or, with `SOCKLINGS_LESSONS`, of
//! the lessons that it names: `SOCKLINGS_LESSONS="echo udp-echo"`.

#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use harness::Lesson;
use serde_json::Value;

fn course() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Each check's outcome, and the rule that explains it.
type Told = BTreeMap<String, (String, String)>;

/// What a program is told in a box of this strength.
fn told(lesson: &Lesson, program: &[PathBuf], strength: &str) -> Told {
    let output = Command::new(env!("CARGO_BIN_EXE_socklings"))
        .args(["check", lesson.slug, "--format", "json", "--seed", "4711"])
        .args(["--box", strength, "--"])
        .args(program)
        .stdin(Stdio::null())
        .output()
        .expect("it is built");
    let graded: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let words = String::from_utf8_lossy(&output.stderr);
        panic!("{error}: {words}")
    });
    let checks = graded["checks"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |check: &Value| {
        let rule = match check["reason"].as_str() {
            Some(reason) => reason.to_owned(),
            None => text(&check["failure"]["diagnosis"]["rule"]),
        };
        (text(&check["name"]), (text(&check["outcome"]), rule))
    };
    checks.iter().map(row).collect()
}

/// Whether this machine builds full boxes; if not, says so.
fn has_full_box() -> bool {
    let output = Command::new(env!("CARGO_BIN_EXE_socklings"))
        .args(["check", "listen", "--box", "full", "--", "true"])
        .stdin(Stdio::null())
        .output()
        .expect("it is built");
    let has = output.status.code() != Some(3);
    if !has {
        println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
    }
    has
}

/// A program of a lesson's.
struct Program {
    /// What starts it.
    command: Vec<PathBuf>,
    /// Checks that it may pass or fail, as the machine has it: its header says so.
    by_chance: Vec<String>,
}

impl Program {
    fn new(command: Vec<PathBuf>, source: &Path) -> Self {
        let source = fs::read_to_string(source).expect("it is there");
        let header = source
            .lines()
            .find_map(|line| line.strip_prefix("//! also: "));
        let names = header.unwrap_or_default().split(',').map(str::trim);
        Self {
            command,
            by_chance: names.map(str::to_owned).collect(),
        }
    }
}

/// The programs of a lesson that cargo has built: its solution, and those that are `chosen`.
fn programs(lesson: &Lesson, chosen: impl Fn(&str) -> bool) -> Vec<Program> {
    let folder = course().join("lessons").join(lesson.folder());
    let built = Path::new(env!("CARGO_BIN_EXE_socklings")).with_file_name("");
    let mut programs = vec![Program {
        command: vec![built.join(format!("{}-solution", lesson.slug))],
        by_chance: Vec::new(),
    }];
    for kind in ["wrong", "right"] {
        let mut names: Vec<String> = fs::read_dir(folder.join(kind))
            .expect("a folder")
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        for name in names.iter().filter(|name| chosen(name)) {
            let source = folder.join(kind).join(name);
            let command = match name.strip_suffix(".rs") {
                Some(stem) => {
                    vec![built.join(format!("examples/{}-{kind}-{stem}", lesson.slug))]
                }
                None => vec!["python3".into(), source.clone()],
            };
            programs.push(Program::new(command, &source));
        }
    }
    programs
}

fn build(lessons: &[&Lesson]) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(course())
        .args(["build", "--quiet", "--bins", "--examples"]);
    for lesson in lessons {
        for part in ["lesson", "solution"] {
            cargo.args(["--package", &format!("{}-{part}", lesson.slug)]);
        }
    }
    let status = cargo.status().expect("cargo can be started");
    assert!(status.success());
}

fn are_told_the_same(lessons: &[&Lesson], chosen: impl Fn(&str) -> bool) {
    if !has_full_box() {
        return;
    }
    build(lessons);
    let mut differ = Vec::new();
    for lesson in lessons {
        let programs = programs(lesson, &chosen);
        println!("{}: {} programs", lesson.folder(), programs.len());
        for Program { command, by_chance } in programs {
            if command[0].as_os_str() == "python3" && !has_python() {
                println!("skipped: {command:?}: python3 is not installed");
                continue;
            }
            let outside = told(lesson, &command, "none");
            let inside = told(lesson, &command, "full");
            let certain = outside
                .iter()
                .filter(|(check, _)| !by_chance.contains(check));
            for (check, outside) in certain {
                if inside.get(check) != Some(outside) {
                    let inside = inside.get(check);
                    let how = format!("{command:?} {check}: {outside:?}, in the box {inside:?}");
                    // At once: all of them take a while.
                    println!("{how}");
                    differ.push(how);
                }
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

fn has_python() -> bool {
    let mut python = Command::new("python3");
    python.arg("-V").stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}

fn lesson(name: &str) -> &'static Lesson {
    course::find(name).expect("a lesson")
}

/// Servers of one connection and of many, and what a stall, an exit and a panic tell.
#[test]
fn a_sample_of_servers_is_told_the_same() {
    const CHOSEN: [&str; 5] = [
        "receives-once.rs",
        "ends-with-one-clients-error.rs",
        "exits-after-the-first-client.rs",
        "reads-to-the-end.rs",
        "streams.py",
    ];
    are_told_the_same(&[lesson("echo")], |name| CHOSEN.contains(&name));
}

/// Programs that read and write the check's files.
#[test]
fn a_sample_of_programs_with_files_is_told_the_same() {
    const CHOSEN: [&str; 3] = ["copyfileobj.py", "never-syncs.rs", "sends-from-memory.rs"];
    are_told_the_same(&[lesson("send-file")], |name| CHOSEN.contains(&name));
}

#[test]
#[ignore = "every program of every lesson, twice: it takes minutes"]
fn all_programs_are_told_the_same() {
    let chosen = std::env::var("SOCKLINGS_LESSONS").unwrap_or_default();
    let mut lessons: Vec<&Lesson> = chosen.split_whitespace().map(lesson).collect();
    if lessons.is_empty() {
        lessons = course::LESSONS.iter().collect();
    }
    are_told_the_same(&lessons, |_| true);
}
