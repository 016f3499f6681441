//! What students get holds nothing that is to be hidden from them, and works.

#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use predicates::str::contains;

fn course() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

fn handout(course: &Path, to: &Path) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("socklings").expect("it is built");
    command.current_dir(course).arg("handout").arg(to).assert()
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it is there");
    let mut all = Vec::new();
    for entry in entries {
        let entry = entry.expect("it can be read");
        let path = entry.path();
        if entry.file_type().expect("it can be read").is_dir() {
            if entry.file_name() != "target" {
                all.extend(files(&path));
            }
        } else {
            all.push(path);
        }
    }
    all
}

/// The lines of a program that say something: long ones.
fn telling_lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| line.len() > 45 && !line.starts_with("use "))
}

/// A copy of the course in which the check `ipv6` of echo is hidden.
fn with_a_hidden_check(to: &Path, marked: bool) {
    let course = course();
    for folder in [
        ".cargo",
        "book/src",
        "exercises",
        "grader",
        "lessons",
        "solutions",
    ] {
        for file in files(&course.join(folder)) {
            let place = to.join(file.strip_prefix(&course).expect("it is in it"));
            fs::create_dir_all(place.parent().expect("a folder")).expect("it is ours");
            fs::copy(&file, place).expect("there is room");
        }
    }
    for file in [
        "Cargo.toml",
        "Cargo.lock",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "clippy.toml",
        ".gitignore",
    ] {
        fs::copy(course.join(file), to.join(file)).expect("there is room");
    }
    fs::write(
        to.join("course.toml"),
        "[lessons.echo]\nhidden = [\"survives-silence\"]\n",
    )
    .expect("ours");
    if !marked {
        return;
    }
    let lesson = to.join("lessons/205-echo/src/lib.rs");
    let text = fs::read_to_string(&lesson).expect("it is there");
    let mark = |text: &str, from: &str, to: &str| {
        let start = text.find(from).expect(from);
        let end = start + text[start..].find(to).expect(to) + to.len();
        let (before, rest) = text.split_at(start);
        let (hidden, after) = rest.split_at(end - start);
        format!("{before}\n// BEGIN HIDDEN\n{hidden}\n// END HIDDEN\n{after}")
    };
    let hints = to.join("lessons/205-echo/src/hints.rs");
    let hinted = fs::read_to_string(&hints).expect("it is there");
    let of_check = "    Hints::new(\n        \"survives-silence\"";
    fs::write(&hints, mark(&hinted, of_check, "\n    ),")).expect("it is ours");
    let entry = "Check::new(\n            \"survives-silence\"";
    let text = mark(&text, entry, "halves\"),");
    let text = mark(&text, "fn survives_silence", "\n}");
    fs::write(&lesson, text).expect("it is ours");
    let chapter = to.join("book/src/205-echo.md");
    let text = fs::read_to_string(&chapter).expect("it is there");
    fs::write(&chapter, text.replace("survives-silence", "another")).expect("it is ours");
}

#[test]
fn no_solution_and_no_program_of_a_lesson_is_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("handout");
    handout(&course(), &to)
        .success()
        .stdout(contains("cargo test -p echo"));
    let handed: Vec<(PathBuf, String)> = files(&to)
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path).expect("it is there");
            (path, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect();
    // Chapters quote programs on purpose.
    let is_chapter = |path: &Path| path.starts_with(to.join("book"));
    let code: Vec<_> = handed
        .iter()
        .filter(|(path, _)| !is_chapter(path))
        .collect();
    let known: BTreeSet<&str> = code
        .iter()
        .flat_map(|(_, text)| telling_lines(text))
        .collect();
    let mut hidden = files(&course().join("solutions"));
    for lesson in fs::read_dir(course().join("lessons"))
        .expect("it is there")
        .flatten()
    {
        for kind in ["wrong", "right"] {
            let programs = lesson.path().join(kind);
            hidden.extend(if programs.is_dir() {
                files(&programs)
            } else {
                Vec::new()
            });
        }
    }
    assert!(hidden.len() > 300, "{}", hidden.len());
    for path in hidden {
        let text = fs::read_to_string(&path).expect("it is text");
        let lines: Vec<&str> = telling_lines(&text).collect();
        let told = lines.iter().filter(|line| known.contains(*line)).count();
        // A line that a skeleton or a demo has, too, tells nothing; all of them do.
        assert!(
            told == 0 || told < lines.len(),
            "{} is in it",
            path.display()
        );
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("text");
        let names = [format!("-wrong-{stem}\""), format!("-right-{stem}\"")];
        for (file, text) in &code {
            let named = names.iter().any(|name| text.contains(name.as_str()));
            assert!(!named, "{} names {stem}", file.display());
        }
    }
    for (path, text) in handed.iter().filter(|(path, _)| is_chapter(path)) {
        assert!(
            !text.contains("{{#"),
            "{} includes something",
            path.display()
        );
    }
    assert!(!to.join("solutions").exists());
}

#[test]
fn a_hidden_check_is_not_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let course = folder.path().join("course");
    with_a_hidden_check(&course, true);
    let to = folder.path().join("handout");
    handout(&course, &to).success();
    for path in files(&to.join("lessons/205-echo")) {
        let text = fs::read_to_string(&path).expect("it is text");
        for word in ["survives-silence", "survives_silence", "HIDDEN"] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
    let lesson = fs::read_to_string(to.join("lessons/205-echo/src/lib.rs")).expect("it is there");
    assert!(lesson.contains("survives-a-reset"));
    assert!(!to.join("course.toml").exists());
}

#[test]
fn a_hidden_check_that_is_not_marked_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let course = folder.path().join("course");
    with_a_hidden_check(&course, false);
    let to = folder.path().join("handout");
    handout(&course, &to).code(3).stderr(contains(
        "still speaks of the hidden check \"survives-silence\"",
    ));
    assert!(!to.exists(), "nothing is written");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("thesis.txt"), "mine").expect("it is ours");
    handout(&course(), folder.path())
        .code(2)
        .stderr(contains("is not empty"));
    assert_eq!(files(folder.path()).len(), 1);
}

/// Builds a copy of the course, which takes a minute: `SOCKLINGS_HANDOUT=1` asks for it.
#[test]
fn its_checks_run() {
    if std::env::var_os("SOCKLINGS_HANDOUT").is_none() {
        println!("skipped: SOCKLINGS_HANDOUT=1 asks for it, since it builds the course once more");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("handout");
    handout(&course(), &to).success();
    let solution = course().join("solutions/205-echo/src/main.rs");
    let exercise = to.join("exercises/205-echo/src/main.rs");
    let test = || {
        let mut command = Command::new(env!("CARGO"));
        let command = command.current_dir(&to).args(["test", "-p", "echo"]);
        command
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CARGO_MANIFEST_DIR")
            .assert()
    };
    test().failure().stdout(contains("one-message"));
    fs::copy(solution, exercise).expect("it is ours");
    test().success().stdout(contains("11 passed"));
}
