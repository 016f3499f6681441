//! What a user is told who asks for something that there is not.

#![forbid(unsafe_code)]

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;

fn socklings(arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("socklings").expect("it is built");
    command.args(arguments).assert()
}

#[test]
fn alone_it_says_what_to_type_next() {
    let first = course::LESSONS[0].slug;
    socklings(&[])
        .success()
        .stdout(contains(format!("cargo test -p {first}")));
}

#[test]
fn list_shows_every_lesson() {
    let mut shown = socklings(&["list"]).success();
    for lesson in course::LESSONS {
        shown = shown.stdout(contains(lesson.slug).and(contains(lesson.title)));
    }
}

#[test]
fn an_unknown_lesson_is_answered_with_the_nearest() {
    socklings(&["check", "ehco"]).code(2).stderr(contains(
        "there is no lesson \"ehco\". Did you mean \"echo\"?",
    ));
}

#[test]
fn a_lesson_goes_by_its_number_and_its_folder_too() {
    for name in ["205", "205-echo"] {
        socklings(&["check", name, "one-mesage"])
            .code(2)
            .stderr(contains(
                "lesson echo has no check \"one-mesage\". Did you mean \"one-message\"?",
            ));
    }
}

#[test]
fn a_command_that_does_not_exist_is_no_failed_check() {
    socklings(&["check", "echo", "--", "no-such-program"])
        .code(2)
        .stderr(contains("there is no program \"no-such-program\" in PATH"));
    socklings(&["check", "echo", "--", "./no-such-program"])
        .code(2)
        .stderr(contains("there is no program \"./no-such-program\""));
}

#[test]
fn a_file_that_is_not_executable_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("server.py");
    std::fs::write(&file, "print()").expect("a file");
    let name = file.to_string_lossy();
    socklings(&["check", "echo", "--", &name])
        .code(2)
        .stderr(contains("is not executable"));
}

#[test]
fn the_solution_and_a_command_exclude_each_other() {
    socklings(&["check", "echo", "--solution", "--", "cat"])
        .code(2)
        .stderr(contains("exclude each other"));
}

#[test]
fn options_out_of_range_are_refused() {
    for wrong in [
        ["--repeat", "0"],
        ["--jobs", "0"],
        ["--deadline-scale", "-1"],
        ["--seed", "many"],
        ["--format", "xml"],
    ] {
        socklings(&["check", "echo", wrong[0], wrong[1]]).code(2);
    }
}

#[test]
fn a_folder_of_submissions_must_be_there_and_hold_some() {
    socklings(&["grade", "/no/such/folder"])
        .code(2)
        .stderr(contains("there is no folder \"/no/such/folder\""));
    let empty = tempfile::tempdir().expect("a folder");
    socklings(&["grade", &empty.path().to_string_lossy()])
        .code(2)
        .stderr(contains("holds no submission"));
}

#[test]
fn the_doctor_tells_of_each_thing_that_the_course_uses() {
    let assert = socklings(&["doctor"]).success();
    let told = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    for what in [
        "full box",
        "light box",
        "user namespaces",
        "isolated arena",
        "python3",
    ] {
        let line = told.lines().find(|line| line.contains(what));
        let line = line.unwrap_or_else(|| panic!("no word of {what}:\n{told}"));
        assert!(line.starts_with(['✓', '✗']), "{line}");
    }
}
