//! `socklings try`: sessions by hand.

use predicates::str::contains;

use crate::course::{Course, RIGHT};

/// Connects, sends a line, and prints what comes back, until the end.
const CLIENT: &str = r#"
use std::io::{Read, Write};
use std::net::TcpStream;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let mut server = TcpStream::connect(address)?;
    server.write_all(b"how are you?\n")?;
    let mut answer = String::new();
    server.read_to_string(&mut answer)?;
    println!("{answer}");
    Ok(())
}
"#;

/// Holds a session against the one that is kept, without times and ports.
fn assert_session(name: &str, session: &[u8]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("sessions");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r" +\d+\.\d ms", "   [time]");
    settings.add_filter(r"starts: .*/", "starts: ");
    settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT");
    settings.bind(|| insta::assert_snapshot!(name, String::from_utf8_lossy(session)));
}

#[test]
fn clients_are_played_against_a_server() {
    let course = Course::new();
    course.save(RIGHT);
    let said = "alice connect\nalice send \"hel\"\nbob send \"lo\"\nbob connect\nalice close\nsave story\nquit\n";
    let assert = course.socklings(&["try", "greet"], said).success();
    assert_session("server", &assert.get_output().stdout);
    // What could not be done is in no script.
    assert_eq!(
        course.read("story"),
        "alice connect\nalice send \"hel\"\nbob connect\nalice close\n"
    );
    course
        .socklings(&["try", "greet", "--script", "story"], "")
        .success()
        .stdout(contains("> bob connect"));
}

#[test]
fn the_server_is_played_against_a_client() {
    let course = Course::new();
    course.write("exercises/203-connect/src/main.rs", CLIENT);
    let said = "server send \"fine\"\nserver pause\nserver close\n";
    let assert = course.socklings(&["try", "connect"], said).success();
    assert_session("client", &assert.get_output().stdout);
}

#[test]
fn at_a_terminal_it_says_how_to_begin() {
    let course = Course::new();
    course.save(RIGHT);
    let session = course.at_a_terminal(&["try", "greet"]);
    session.shows(&["Begin with: alice connect", "waits in accept()"]);
    session.press("alice connect\n");
    session.shows(&["\"hello 127.0.0.1:"]);
    session.press("quit\n");
    assert!(session.end().0.success());
}

#[test]
fn what_is_not_understood_changes_nothing() {
    let course = Course::new();
    course.save(RIGHT);
    course
        .socklings(&["try", "greet"], "alice dance\nhelp\n")
        .success()
        .stdout(contains("nobody knows how to dance"));
}

#[test]
fn a_program_that_never_listens_cannot_be_tried() {
    let course = Course::new();
    course
        .socklings(&["try", "greet"], "")
        .code(1)
        .stdout(contains("exited with status 0 before it listened"));
}

#[test]
fn a_filter_has_no_sockets() {
    let course = Course::new();
    course
        .socklings(&["try", "layers"], "")
        .code(2)
        .stderr(contains("layers has no sockets"));
}
