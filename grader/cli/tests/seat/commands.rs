//! The commands between two lessons: welcome, list, hint, reset, solution.

use std::fs;
use std::path::Path;

use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, is_match};

use crate::course::{Course, RIGHT, WRONG};

#[test]
fn alone_it_says_what_is_next() {
    let course = Course::new();
    let first = &::course::LESSONS[0];
    course
        .socklings(&[], "")
        .success()
        .stdout(contains("0 of ").and(contains(format!("Begin here: {}", first.number))));
    let all_but_one = ::course::LESSONS.iter().filter(|l| l.slug != "greet");
    let lines = all_but_one.map(|lesson| lesson.folder() + "\n");
    course.write("progress.txt", &lines.collect::<String>());
    course
        .socklings(&[], "")
        .success()
        .stdout(contains("Go on here: 202 greet"));
}

#[test]
fn a_pass_is_kept_and_listed() {
    let course = Course::new();
    course.socklings(&["check", "greet"], "").code(1);
    course.save(RIGHT);
    // A part of the checks is not the lesson.
    course
        .socklings(&["check", "greet", "greets"], "")
        .success();
    assert!(!course.path().join("progress.txt").exists());
    course.socklings(&["check", "greet"], "").success();
    assert_eq!(course.read("progress.txt"), "202-greet\n");
    course
        .socklings(&["list"], "")
        .success()
        .stdout(is_match("✓ +202 +greet").expect("a pattern"));
}

#[test]
fn hints_grow_on_the_check_that_fails_first() {
    let course = Course::new();
    let hints = ::course::find("greet").expect("a lesson").hints("greets");
    let [first, second] =
        [0, 1].map(|at| hints[at].split_inclusive(' ').take(4).collect::<String>());
    course.socklings(&["hint", "greet"], "").success().stdout(
        contains(&first)
            .and(contains(&second).not())
            .and(contains("2 more:")),
    );
    for _ in 0..2 {
        course.socklings(&["hint", "greet", "greets"], "").success();
    }
    course
        .socklings(&["hint", "greet", "greets"], "")
        .success()
        .stdout(
            contains(&first)
                .and(contains(&second))
                .and(contains("That is all.")),
        );
}

#[test]
fn a_program_that_does_not_build_needs_no_hint_but_the_compilers() {
    let course = Course::new();
    course.save("fn main() { forty_two }");
    course
        .socklings(&["hint", "greet"], "")
        .code(4)
        .stdout(contains("Mend the first error").and(contains("forty_two")));
}

#[test]
fn reset_brings_the_skeleton_back_and_keeps_what_was_written() {
    let course = Course::new();
    course.save(RIGHT);
    course
        .socklings(&["reset", "greet"], "")
        .success()
        .stdout(contains("kept in exercises/202-greet/src/main.rs.old"));
    assert_eq!(course.read("exercises/202-greet/src/main.rs"), WRONG);
    assert_eq!(course.read("exercises/202-greet/src/main.rs.old"), RIGHT);
}

#[test]
fn the_solution_is_shown_after_a_pass() {
    let course = Course::new();
    course
        .socklings(&["solution", "greet"], "")
        .code(2)
        .stderr(contains("not done yet"));
    course.write("progress.txt", "202-greet\n");
    course
        .socklings(&["solution", "greet"], "")
        .success()
        .stdout(contains("as the course does it"));
}

#[test]
fn a_copy_without_solutions_says_so() {
    let course = Course::new();
    course.write("progress.txt", "202-greet\n");
    fs::remove_dir_all(course.path().join("solutions")).expect("deleted");
    for command in [
        &["solution", "greet"][..],
        &["check", "greet", "--solution"],
    ] {
        let assert = course.socklings(command, "");
        assert.code(2).stderr(contains("holds no solutions"));
    }
}

#[test]
fn watch_needs_a_terminal() {
    let course = Course::new();
    course
        .socklings(&["watch"], "")
        .code(2)
        .stderr(contains("watch needs a terminal"));
}

#[test]
fn without_cargo_it_says_how_to_get_it() {
    let course = Course::new();
    let mut command = assert_cmd::Command::cargo_bin("socklings").expect("it is built");
    command
        .args(["check", "greet"])
        .current_dir(course.path())
        .env("PATH", course.path())
        .env_remove("CARGO")
        .assert()
        .code(3)
        .stderr(contains("https://rustup.rs"));
}

#[test]
fn without_a_linker_it_says_which_package_has_one() {
    let course = Course::new();
    let mut command = assert_cmd::Command::cargo_bin("socklings").expect("it is built");
    command
        .args(["check", "greet"])
        .current_dir(course.path())
        .env("CARGO_TARGET_DIR", course.path().join("target"))
        .env("RUSTFLAGS", "-Clinker=no-such-linker")
        .assert()
        .code(3)
        .stderr(contains("Install a C compiler").and(contains("no-such-linker")));
}

#[test]
fn a_manifest_that_stops_cargo_comes_back_without_cargo() {
    let course = Course::new();
    let manifest = "exercises/202-greet/Cargo.toml";
    course.write(
        "lessons/202-greet/skeleton/Cargo.toml",
        &course.read(manifest),
    );
    let path = course.path().join(manifest);
    for spoil in [
        |path: &Path| fs::remove_file(path),
        |path: &Path| fs::write(path, "[package\n"),
    ] {
        spoil(&path).expect("spoilt");
        let assert = course.socklings(&["check", "connect"], "").code(3);
        assert.stderr(contains("target/debug/socklings reset").and(contains(manifest)));
        let mut command = assert_cmd::Command::cargo_bin("socklings").expect("it is built");
        command
            .args(["reset", "greet"])
            .current_dir(course.path())
            .env("PATH", course.path())
            .env_remove("CARGO")
            .assert()
            .success();
        course.socklings(&["check", "connect"], "").code(1);
    }
}

#[test]
fn a_copy_of_an_exercise_is_told_of() {
    let course = Course::new();
    course.write(
        "exercises/202-greet-copy/Cargo.toml",
        &course.read("exercises/202-greet/Cargo.toml"),
    );
    course.write("exercises/202-greet-copy/src/main.rs", WRONG);
    course
        .socklings(&["check", "greet"], "")
        .code(3)
        .stderr(contains("was copied"));
}
