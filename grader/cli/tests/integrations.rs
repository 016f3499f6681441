//! The scripts for other platforms, in a fresh folder with the layout that the platform documents.

#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const ENDS: &str = "fn main() {}\n";

fn course() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("it is ours");
    fs::write(path, content).expect("it is ours");
}

fn run(script: &Path) -> Command {
    let mut command = Command::new("bash");
    command.arg(script);
    command.env("SOCKLINGS", assert_cmd::cargo::cargo_bin!("socklings"));
    command
}

fn words(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// `/autograder`, somewhere else.
struct Autograder(TempDir);

impl Autograder {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        write(&root.path().join("source/lesson"), "echo\n");
        std::os::unix::fs::symlink(course(), root.path().join("source/course")).expect("a link");
        fs::create_dir(root.path().join("submission")).expect("it is ours");
        Self(root)
    }

    fn grade(&self) -> Value {
        let script = course().join("integrations/gradescope/run_autograder");
        let output = run(&script)
            .env("AUTOGRADER", self.0.path())
            .output()
            .expect("bash");
        assert!(output.status.success(), "{}", words(&output));
        let results = fs::read(self.0.path().join("results/results.json")).expect("it is there");
        serde_json::from_slice(&results).expect("JSON")
    }

    fn hand_in(&self, name: &str, content: &str) {
        write(&self.0.path().join("submission").join(name), content);
    }
}

#[test]
fn gradescope_gets_its_results() {
    let autograder = Autograder::new();
    autograder.hand_in("src/main.rs", ENDS);
    let results = autograder.grade();
    assert_eq!(results["score"], 0.0);
    assert_eq!(results["tests"].as_array().map(Vec::len), Some(11));
    assert!(
        results["tests"][0]["output"]
            .as_str()
            .is_some_and(|text| text.contains("what happened"))
    );
}

#[test]
fn gradescope_takes_files_without_a_folder() {
    let autograder = Autograder::new();
    autograder.hand_in("main.rs", "mod server;\nfn main() { server::run() }\n");
    autograder.hand_in("server.rs", "pub fn run() {}\n");
    assert_eq!(
        autograder.grade()["tests"].as_array().map(Vec::len),
        Some(11)
    );
}

#[test]
fn gradescope_is_told_of_an_upload_without_a_program() {
    let autograder = Autograder::new();
    autograder.hand_in("essay.txt", "I tried.");
    let results = autograder.grade();
    assert_eq!(results["score"], 0.0);
    assert_eq!(results["tests"][0]["output"], "there is no src/main.rs");
}

#[test]
fn a_repository_is_graded_in_continuous_integration() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        &folder
            .path()
            .join("repository/exercises/205-echo/src/main.rs"),
        ENDS,
    );
    write(
        &folder
            .path()
            .join("repository/exercises/206-frames/src/main.rs"),
        ENDS,
    );
    let out = folder.path().join("out");
    let script = course().join("integrations/grade-repository");
    let output = run(&script)
        .arg(folder.path().join("repository"))
        .arg(&out)
        .arg("echo")
        .output()
        .expect("bash");
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let xml = fs::read_to_string(out.join("junit.xml")).expect("it is there");
    assert!(
        xml.contains("<testsuite name=\"repository.echo\" tests=\"11\" failures=\"11\""),
        "{xml}"
    );
    assert!(!xml.contains("frames"));
    assert!(out.join("site/students/repository.html").is_file());
}

#[test]
fn an_autograder_is_packed_with_all_that_it_needs() {
    let is_checkout = Command::new("git")
        .current_dir(course())
        .args(["rev-parse", "HEAD"])
        .output();
    if !is_checkout.is_ok_and(|output| output.status.success()) {
        println!("skipped: this is no git checkout, and only what is committed is packed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("echo.zip");
    let script = course().join("integrations/gradescope/make-zip");
    let output = run(&script).arg("echo").arg(&file).output().expect("bash");
    assert!(output.status.success(), "{}", words(&output));
    let file = fs::File::open(file).expect("it is there");
    let archive = zip::ZipArchive::new(file).expect("it is a zip");
    let names: Vec<_> = archive.file_names().flatten().collect();
    for needed in [
        "setup.sh",
        "run_autograder",
        "lesson",
        "course/Cargo.lock",
        "course/Cargo.toml",
    ] {
        assert!(names.iter().any(|name| name == needed), "{needed}");
    }
    let output = run(&script)
        .arg("ehco")
        .arg(folder.path().join("x.zip"))
        .output();
    assert!(
        output.is_ok_and(|output| !output.status.success()),
        "there is no such lesson"
    );
}

#[test]
fn every_script_can_be_read_by_bash_and_is_named_where_it_is_needed() {
    let folder = course().join("integrations");
    let scripts = [
        "gradescope/setup.sh",
        "gradescope/run_autograder",
        "gradescope/make-zip",
        "grade-repository",
    ];
    for script in scripts {
        let status = Command::new("bash")
            .arg("-n")
            .arg(folder.join(script))
            .status();
        assert!(status.is_ok_and(|status| status.success()), "{script}");
    }
    for file in ["github-actions/checks.yml", "gitlab-ci/.gitlab-ci.yml"] {
        let text = fs::read_to_string(folder.join(file)).expect("it is there");
        assert!(
            text.contains("course/integrations/grade-repository"),
            "{file}"
        );
    }
}
