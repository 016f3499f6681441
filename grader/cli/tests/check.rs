//! `socklings check`: one program, one lesson.

#![forbid(unsafe_code)]

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use serde_json::Value;

fn check(arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("socklings").expect("it is built");
    command.arg("check").args(arguments).assert()
}

fn json(assert: &assert_cmd::assert::Assert) -> Value {
    serde_json::from_slice(&assert.get_output().stdout).expect("one JSON object")
}

#[test]
fn the_solution_passes() {
    check(&["echo", "--solution"])
        .success()
        .stdout(contains("11 of 11 checks passed, 19 of 19 points"));
}

#[test]
fn only_the_checks_that_are_named_run() {
    let assert = check(&[
        "echo",
        "half-close",
        "one-message",
        "--solution",
        "--format",
        "json",
    ]);
    let graded = json(&assert.success());
    let checks = graded["checks"].as_array().expect("a list");
    let names: Vec<_> = checks.iter().map(|check| check["name"].as_str()).collect();
    // In the lesson's order, whatever order they were asked for in.
    assert_eq!(names, [Some("one-message"), Some("half-close")]);
}

#[test]
fn json_says_all_that_is_promised() {
    let assert = check(&[
        "echo",
        "one-message",
        "--seed",
        "7",
        "--format",
        "json",
        "--",
        "cat",
    ]);
    let graded = json(&assert.code(1));
    assert_eq!(graded["lesson"], "echo");
    assert_eq!(graded["seed"], 7);
    assert_eq!(graded["outcome"], "graded");
    assert_eq!(graded["points"], 0);
    assert_eq!(graded["max_points"], 1);
    let check = &graded["checks"][0];
    assert_eq!(check["name"], "one-message");
    assert_eq!(check["outcome"], "failed");
    assert_eq!(check["decided_by"], "exit");
    assert!(check["duration_ms"].is_number());
    let failure = &check["failure"];
    assert_eq!(failure["expected"]["kind"], "listening");
    assert_eq!(failure["actual"]["kind"], "exited");
    assert_eq!(failure["evidence"]["status"], 1);
    assert!(
        failure["transcript"]
            .as_array()
            .is_some_and(|events| !events.is_empty())
    );
    assert!(failure["diagnosis"]["meaning"].is_string());
}

#[test]
fn a_program_that_ends_at_once_is_told_what_it_said() {
    check(&["echo", "one-message", "--", "cat"]).code(1).stdout(
        contains("exited with status 1 before it listened")
            .and(contains("No such file or directory"))
            .and(contains("decided by").not()),
    );
}

#[test]
fn the_same_seed_brings_the_same_data() {
    let sent = || {
        let arguments = [
            "echo",
            "one-message",
            "--seed",
            "42",
            "--format",
            "json",
            "--",
            "cat",
        ];
        let graded = json(&check(&arguments).code(1));
        graded["checks"][0]["failure"]["expected"]["address"].clone()
    };
    assert!(sent().is_string());
    assert_eq!(sent(), sent());
}

#[test]
fn repeated_runs_are_counted() {
    check(&["echo", "one-message", "--solution", "--repeat", "3"])
        .success()
        .stdout("3 of 3 runs passed\n");
}

#[test]
fn where_no_networks_can_be_made_the_host_serves() {
    check(&["echo", "--solution", "--arena", "host"])
        .success()
        .stdout(contains("11 of 11 checks passed"));
}

#[test]
fn without_stalls_deadlines_decide() {
    let assert = check(&[
        "echo",
        "one-message",
        "--no-stall",
        "--deadline-scale",
        "0.1",
        "--format",
        "json",
        "--",
        "sleep",
        "{port}",
    ]);
    let graded = json(&assert.code(1));
    assert_eq!(graded["checks"][0]["decided_by"], "deadline");
}

#[test]
fn output_is_plain_where_it_is_no_terminal() {
    check(&["echo", "one-message", "--", "cat"])
        .code(1)
        .stdout(contains("\u{1b}").not());
}
