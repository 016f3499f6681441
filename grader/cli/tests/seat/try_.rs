//! `socklings try`: sessions by hand.

use predicates::prelude::PredicateBooleanExt as _;
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

/// Asks a question, behind an id, and prints the answer.
const ASKS: &str = r#"
use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let mut words = std::env::args().skip(1);
    let server = words.next().unwrap_or_default();
    let question = words.next().unwrap_or_default();
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(server)?;
    socket.send(&[b"\x07\x07", question.as_bytes()].concat())?;
    let mut answer = [0; 100];
    let len = socket.recv(&mut answer)?;
    println!("{}", String::from_utf8_lossy(&answer[2..len]));
    Ok(())
}
"#;

/// Listens, sleeps until the file SIGNAL is there, and prints a word before it accepts.
const WAKES: &str = r#"
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    while !std::path::Path::new("SIGNAL").exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    println!("ding");
    for client in listener.incoming() {
        std::mem::forget(client?);
    }
    Ok(())
}
"#;

/// Sends to its client for as long as it takes anything.
const FLOODS: &str = r"
use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    for client in TcpListener::bind(address)?.incoming() {
        let mut client = client?;
        while client.write_all(&[b'x'; 10_000]).is_ok() {}
    }
    Ok(())
}
";

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
fn the_server_of_datagrams_is_played_against_a_client() {
    let course = Course::new();
    course.add("udp-ask");
    course.write("exercises/402-udp-ask/src/main.rs", ASKS);
    let said = "server send \"\\x07\\x07by hand\"\n\
                program start \"now ?\"\n\
                server lose 1\n\
                server answer \"by itself\"\n\
                program start\n\
                program start\n\
                server close\n\
                server answer \"too late\"\n\
                program start\n";
    let assert = course
        .socklings(&["try", "udp-ask", "--", "where?"], said)
        .success();
    assert_session("datagrams", &assert.get_output().stdout);
}

#[test]
fn what_happens_is_shown_at_once_above_what_is_being_typed() {
    let course = Course::new();
    let signal = course.path().join("now");
    course.save(&WAKES.replace("SIGNAL", &signal.display().to_string()));
    let session = course.at_a_terminal(&["try", "greet"]);
    let before = session.shows(&[
        "Begin with: alice connect",
        "is in sleep(), for a limited time",
        "it may go on by itself",
    ]);
    assert!(before.ends_with("\n>"), "{before}");
    session.press("alice conn");
    session.shows(&["> alice conn"]);
    // Nothing is entered from here on: the program moves by itself.
    course.write("now", "");
    let after = session.shows(&[
        "prints: \"ding",
        "waits in accept() on 127.0.0.1:",
        "nothing more can happen until you say something",
    ]);
    assert!(after.ends_with("> alice conn"), "{after}");
    // What was typed is still there to be finished.
    session.press("ect\r");
    let connected = session.shows(&["alice    connects from", "nothing more can happen"]);
    assert!(connected.contains("> alice connect\n"), "{connected}");
    session.press("\u{4}");
    let (status, left) = session.end();
    assert!(status.success(), "{status}");
    assert!(left.is_as_before(), "{left:?}");
}

#[test]
fn a_session_at_a_terminal_is_saved_and_said_again() {
    let course = Course::new();
    course.save(RIGHT);
    let session = course.at_a_terminal(&["try", "greet"]);
    session.shows(&["Begin with: alice connect", "waits in accept()"]);
    for line in ["alice connect\r", "alice dance\r", "alice send \"hel\"\r"] {
        session.press(line);
    }
    session.shows(&[
        "◀─  \"hello 127.0.0.1:",
        "nobody knows how to dance",
        "─▶  \"hel\"   3 bytes",
    ]);
    session.press("save story\r");
    session.shows(&["cargo socklings try greet --script story"]);
    session.press("quit\r");
    let (status, left) = session.end();
    assert!(status.success(), "{status}");
    assert!(left.is_as_before(), "{left:?}");
    // All of it is still there to be read.
    assert!(left.text.contains("> alice connect"), "{}", left.text);
    assert_eq!(course.read("story"), "alice connect\nalice send \"hel\"\n");
    course
        .socklings(&["try", "greet", "--script", "story"], "")
        .success()
        .stdout(contains("◀─  \"hello 127.0.0.1:").and(contains("─▶  \"hel\"   3 bytes")));
}

#[test]
fn who_sends_without_end_is_received_no_more() {
    let course = Course::new();
    course.save(FLOODS);
    let session = course.at_a_terminal(&["try", "greet"]);
    session.shows(&["waits in accept()"]);
    session.press("alice connect\r");
    session.shows(&[
        "alice resume",
        "waits in send() on alice's connection",
        "nothing more can happen",
    ]);
    session.press("\u{3}");
    assert!(session.end().1.is_as_before());
}

#[test]
fn a_signal_ends_a_session_and_the_terminal_is_as_before() {
    let course = Course::new();
    course.save(RIGHT);
    let session = course.at_a_terminal(&["try", "greet"]);
    session.shows(&["Begin with: alice connect"]);
    session.signal(rustix::process::Signal::TERM);
    let (status, left) = session.end();
    assert!(!status.success());
    assert!(left.is_as_before(), "{left:?}");
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
