//! `socklings grade`: a class. Each test makes a folder of submissions.

#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

/// A right program, as a student might hand it in.
const RIGHT: &str = include_str!("../../../examples/class/anna/205-echo/src/main.rs");

/// A folder of submissions, and one for its gradebook.
struct Class(TempDir, TempDir);

impl Class {
    fn new() -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        Self(folder(), folder())
    }

    fn run(&self, options: &[&str]) -> assert_cmd::assert::Assert {
        grade(self.0.path(), &self.1.path().join("grades.db"), options)
    }

    /// Hands in `source` as `student`'s program for the lesson echo.
    fn hand_in(&self, student: impl AsRef<OsStr>, source: &str) -> PathBuf {
        let folder = self.0.path().join(student.as_ref()).join("205-echo");
        fs::create_dir_all(folder.join("src")).expect("a folder");
        fs::write(folder.join("src/main.rs"), source).expect("a file");
        folder
    }

    fn grade(&self) -> assert_cmd::assert::Assert {
        self.run(&["--lesson", "echo"])
    }

    /// The outcome and the points of each student, by name.
    fn marks(&self) -> Vec<(String, String, u64)> {
        let assert = self.run(&["--lesson", "echo", "--format", "json"]);
        let class: Value = serde_json::from_slice(&assert.get_output().stdout).expect("JSON");
        let students = class["students"].as_array().expect("a list").iter();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        students
            .map(|row| {
                let graded = &row["lessons"][0];
                let points = graded["points"].as_u64().unwrap_or(0);
                (text(&row["student"]), text(&graded["outcome"]), points)
            })
            .collect()
    }
}

fn grade(folder: &Path, gradebook: &Path, options: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("socklings").expect("it is built");
    command.arg("grade").arg(folder).args(options);
    command.arg("--gradebook").arg(gradebook).assert()
}

fn mark(name: &str, outcome: &str, points: u64) -> (String, String, u64) {
    (name.into(), outcome.into(), points)
}

#[test]
fn the_sample_class_gets_the_marks_that_it_deserves() {
    let class = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/class");
    let kept = tempfile::tempdir().expect("a folder");
    let gradebook = kept.path().join("grades.db");
    let table = || {
        contains("anna      19/19")
            .and(contains("carla     ungradable"))
            .and(contains("dmitri    0/19"))
            .and(contains("elif      -"))
            .and(contains("carla echo: ungradable: error[E0308]"))
    };
    let once = grade(&class, &gradebook, &["--lesson", "echo"]).code(4);
    once.stdout(table().and(contains("3 graded, 1 ungradable")));
    // Again: nothing is graded, and the table is as full as before.
    let again = grade(&class, &gradebook, &["--lesson", "echo"]).code(4);
    again
        .stdout(table().and(contains("4 graded before")))
        .stderr(contains("anna echo: 19/19 (graded before)"));
}

#[test]
fn a_program_that_does_not_compile_gets_the_compilers_words_and_no_zero() {
    let class = Class::new();
    class.hand_in("anna", RIGHT);
    class.hand_in("carla", "fn main() { 1 + }");
    assert_eq!(
        class.marks(),
        [mark("anna", "graded", 19), mark("carla", "ungradable", 0)]
    );
    class
        .grade()
        .code(4)
        .stdout(contains("carla echo: ungradable: error: expected"));
}

#[test]
fn only_the_source_counts() {
    let class = Class::new();
    let folder = class.hand_in("mallory", RIGHT);
    let everything_else = [
        ("Cargo.toml", "this is no manifest"),
        ("build.rs", "fn main() { panic!() }"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.0.0\""),
        ("tests/checks.rs", "fn main() { panic!() }"),
        (
            ".cargo/config.toml",
            "[build]\nrustflags = [\"--cfg\", \"nonsense=\"]",
        ),
    ];
    for (name, content) in everything_else {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, content).expect("a file");
    }
    assert_eq!(class.marks(), [mark("mallory", "graded", 19)]);
}

#[test]
fn a_module_beside_main_belongs_to_the_program() {
    let class = Class::new();
    let folder = class.hand_in(
        "nora",
        "mod server;\nfn main() -> std::process::ExitCode { server::main() }",
    );
    let server = RIGHT
        .replace("fn main()", "pub fn main()")
        .replace("//!", "//");
    fs::write(folder.join("src/server.rs"), server).expect("a file");
    assert_eq!(class.marks(), [mark("nora", "graded", 19)]);
}

#[test]
fn strange_names_are_graded_like_others() {
    let class = Class::new();
    class.hand_in("with space", RIGHT);
    class.hand_in("with\nnewline", RIGHT);
    class.hand_in(OsStr::from_bytes(b"not \xff utf-8"), RIGHT);
    class.hand_in(OsStr::from_bytes(b"not \xfe utf-8"), RIGHT);
    let marks = class.marks();
    assert_eq!(marks.len(), 4);
    assert!(
        marks.iter().all(|(_, _, points)| *points == 19),
        "{marks:?}"
    );
    // A name must not break the table.
    class
        .grade()
        .success()
        .stdout(contains("with\\u{a}newline   19/19"));
}

#[test]
fn a_link_leads_nowhere() {
    let class = Class::new();
    let folder = class.hand_in("mallory", RIGHT);
    symlink("/etc/passwd", folder.join("src/secret.rs")).expect("a link");
    class.hand_in("anna", RIGHT);
    assert_eq!(
        class.marks(),
        [mark("anna", "graded", 19), mark("mallory", "ungradable", 0)]
    );
    class
        .grade()
        .code(4)
        .stdout(contains("src/secret.rs is a link or a special file"));
}

#[test]
fn nor_does_a_folder_that_is_a_link() {
    let class = Class::new();
    let of_anna = class.hand_in("anna", RIGHT);
    let folder = class.hand_in("mallory", RIGHT);
    fs::remove_dir_all(folder.join("src")).expect("it was there");
    symlink(of_anna.join("src"), folder.join("src")).expect("a link");
    fs::create_dir(class.0.path().join("oscar")).expect("a folder");
    symlink(&of_anna, class.0.path().join("oscar/205-echo")).expect("a link");
    assert_eq!(
        class.marks(),
        [
            mark("anna", "graded", 19),
            mark("mallory", "ungradable", 0),
            mark("oscar", "-", 0)
        ]
    );
    class.grade().code(4).stdout(
        contains("src is a link or a special file")
            .and(contains("oscar: \"205-echo\" is a link, and not followed")),
    );
}

#[test]
fn each_outcome_says_in_which_box_it_was_found() {
    let class = Class::new();
    class.hand_in("anna", RIGHT);
    let options = ["--lesson", "echo", "--box", "none"];
    class
        .run(&options)
        .success()
        .stdout(contains("box: none").and(contains("may do all that you may do")));
    let json = [&options[..], &["--format", "json"]].concat();
    let assert = class.run(&json).success();
    let graded: Value = serde_json::from_slice(&assert.get_output().stdout).expect("JSON");
    let lesson = &graded["students"][0]["lessons"][0];
    assert_eq!(lesson["box"], "none");
    assert_eq!(lesson["not_promised"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_folder_without_a_program_is_ungradable() {
    let class = Class::new();
    let folder = class.hand_in("olga", "");
    fs::remove_file(folder.join("src/main.rs")).expect("it was there");
    assert_eq!(class.marks(), [mark("olga", "ungradable", 0)]);
    class
        .grade()
        .code(4)
        .stdout(contains("there is no src/main.rs"));
}

#[test]
fn a_folder_that_is_no_lesson_is_remarked_on() {
    let class = Class::new();
    class.hand_in("paul", RIGHT);
    fs::create_dir(class.0.path().join("paul/ehco")).expect("a folder");
    class.grade().success().stdout(contains(
        "paul: \"ehco\" is no lesson. Did you mean \"echo\"?",
    ));
}

#[test]
fn files_that_cannot_be_read_are_an_error_of_the_graders_and_the_rest_is_graded() {
    let class = Class::new();
    let folder = class.hand_in("quinn", RIGHT);
    class.hand_in("rosa", RIGHT);
    let file = folder.join("src/main.rs");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o000);
    fs::set_permissions(&file, mode).expect("it is ours");
    if fs::read(&file).is_ok() {
        println!("skipped: this user (root) can read everything");
        return;
    }
    assert_eq!(
        class.marks(),
        [mark("quinn", "grader_error", 0), mark("rosa", "graded", 19)]
    );
    class
        .grade()
        .code(3)
        .stdout(contains("cannot read src/main.rs"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_grader_that_is_killed_leaves_no_folder_behind() {
    use std::process::{Command as Process, Stdio};

    let class = Class::new();
    // Without end, so that it is killed half-way, whenever that is.
    class.hand_in("nina", "fn main() { loop { std::thread::park() } }");
    let mut grader = Process::new(env!("CARGO_BIN_EXE_socklings"))
        .arg("grade")
        .arg(class.0.path())
        .arg("--gradebook")
        .arg(class.1.path().join("grades.db"))
        .args(["--lesson", "echo", "--no-stall", "--deadline-scale", "100"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it is built");
    let prefix = format!("socklings-{:07}-", grader.id());
    let has_folders = || {
        let mut entries = fs::read_dir(std::env::temp_dir())
            .expect("a folder")
            .flatten();
        entries.any(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
    };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(120);
    while !has_folders() {
        assert!(std::time::Instant::now() < end, "it does not begin");
        let ended = grader.try_wait().expect("it is ours");
        if ended.is_some_and(|status| status.code() == Some(3)) {
            println!("skipped: this machine builds no box");
            return;
        }
        std::thread::yield_now();
    }
    grader.kill().expect("it is ours");
    grader.wait().expect("it is ours");
    while has_folders() {
        assert!(std::time::Instant::now() < end, "they are still there");
        std::thread::yield_now();
    }
}
