//! Submissions that want more than points: each in `hostile/`, with a first line that says what must come
//! of it, and, if need be, a second with words that its report must hold. They are graded as one class,
//! with a decent student before and after them, who must not notice.

#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const RIGHT: &str = include_str!("../../../examples/class/anna/205-echo/src/main.rs");

/// What must come of a submission, by its first lines.
struct Must {
    outcome: String,
    points: u64,
    says: Option<String>,
}

impl Must {
    fn read(source: &str) -> Self {
        let mut lines = source.lines();
        let must = lines
            .next()
            .and_then(|line| line.strip_prefix("//! must: "));
        let must = must.expect("the first line says what must come of it");
        let mut words = must.split_whitespace();
        Self {
            outcome: words.next().expect("an outcome").to_owned(),
            points: words.next().map_or(0, |n| n.parse().expect("points")),
            says: lines
                .next()
                .and_then(|line| line.strip_prefix("//! says: "))
                .map(str::to_owned),
        }
    }
}

/// What came of a submission.
struct Come {
    outcome: String,
    points: u64,
    all: String,
}

/// Grades the class in a box of this strength; each student's outcome by name.
fn grade(class: &Path, strength: &str) -> Option<BTreeMap<String, Come>> {
    // Of its own: tests run side by side.
    let kept = tempfile::tempdir().expect("there is room");
    let output = Command::new(env!("CARGO_BIN_EXE_socklings"))
        .arg("grade")
        .arg(class)
        .arg("--gradebook")
        .arg(kept.path().join("grades.db"))
        .args(["--lesson", "echo", "--format", "json", "--box", strength])
        .args(["--build-seconds", "4"])
        .env("SECRET_OF_THE_GRADER", "a token")
        .stdin(Stdio::null())
        .output()
        .expect("it is built");
    if output.stdout.is_empty() {
        println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let graded: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let students = graded["students"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |student: &Value| {
        let lesson = &student["lessons"][0];
        assert_eq!(text(&lesson["box"]), strength);
        let come = Come {
            outcome: text(&lesson["outcome"]),
            points: lesson["points"].as_u64().unwrap_or(0),
            all: lesson.to_string(),
        };
        (text(&student["student"]), come)
    };
    Some(students.iter().map(row).collect())
}

fn hand_in(class: &Path, student: &str, source: &str) {
    let folder = class.join(student).join("205-echo/src");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("main.rs"), source).expect("a file");
}

/// The sources, by name.
fn hostile() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut sources: Vec<_> = entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let source = fs::read_to_string(entry.path()).expect("a source");
            (name.trim_end_matches(".rs").to_owned(), source)
        })
        .collect();
    sources.sort();
    sources
}

/// What the submissions aim at: all of it is there, outside the box.
struct Aims {
    class: PathBuf,
    port: u16,
    sleep: String,
}

impl Aims {
    fn aim(&self, source: &str) -> String {
        let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let course = course.canonicalize().expect("the course");
        let built = Path::new(env!("CARGO_BIN_EXE_socklings")).with_file_name("");
        source
            .replace("@COURSE@", &course.to_string_lossy())
            .replace("@CLASS@", &self.class.to_string_lossy())
            .replace("@TARGET@", built.to_string_lossy().trim_end_matches('/'))
            .replace("@GRADER@", &std::process::id().to_string())
            .replace("@PORT@", &self.port.to_string())
            .replace("@SLEEP@", &self.sleep)
    }
}

fn runs_with(word: &str) -> bool {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines.any(|line| {
        String::from_utf8_lossy(&line)
            .split('\0')
            .any(|arg| arg == word)
    })
}

/// Grades these submissions in a box of this strength, and what is wrong with what came of them. The
/// words of a report count only in the full box: a light one refuses in others.
fn wrongs(strength: &str, chosen: impl Fn(&str) -> bool) -> Vec<String> {
    let class = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("it is ours");
    let aims = Aims {
        class: class.path().to_owned(),
        port: listener.local_addr().expect("it has one").port(),
        // A number of seconds that nobody else sleeps.
        sleep: format!("300.{}{}", std::process::id(), strength.len()),
    };
    hand_in(class.path(), "0-anna", RIGHT);
    hand_in(class.path(), "zoe", RIGHT);
    let mut sources = hostile();
    sources.retain(|(name, _)| chosen(name));
    assert!(!sources.is_empty());
    for (name, source) in &sources {
        hand_in(class.path(), name, &aims.aim(source));
    }

    let Some(come) = grade(class.path(), strength) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    for decent in ["0-anna", "zoe"] {
        if come[decent].points != 19 {
            wrong.push(format!("{decent}: {}", come[decent].all));
        }
    }
    for (name, source) in &sources {
        let (must, come) = (Must::read(source), &come[name]);
        let says = must.says.filter(|_| strength == "full");
        let said = says.is_none_or(|says| come.all.contains(&says));
        if come.outcome != must.outcome || come.points != must.points || !said {
            let all: String = come.all.chars().take(1500).collect();
            wrong.push(format!("{name}: {} {}: {all}", come.outcome, come.points));
        }
    }
    if listener.accept().is_ok() {
        wrong.push("somebody has called the grader's machine".into());
    }
    if runs_with(&aims.sleep) {
        wrong.push("a daemon lives on".into());
    }
    wrong
}

#[test]
fn no_hostile_submission_gains_anything_and_nobody_else_notices() {
    let wrong = wrongs("full", |_| true);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn nor_does_one_in_the_light_box() {
    // What the light box promises to keep from it, and is quick.
    const CHOSEN: [&str; 7] = [
        "calls-the-graders-machine",
        "goes-up-at-compile-time",
        "is-another-program-that-is-there",
        "is-the-solution-by-path",
        "kills-everybody",
        "leaves-a-daemon",
        "reads-the-passwords-at-compile-time",
    ];
    let wrong = wrongs("light", |name| CHOSEN.contains(&name));
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
