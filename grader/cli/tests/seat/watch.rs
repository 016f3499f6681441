//! `socklings watch`: the real program in a terminal.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;

use crate::course::{Course, HANGS, RIGHT};
use crate::pty::DEADLINE;

/// Holds a screen against the one that is kept, without the times in it, and without the list of
/// lessons: a course grows.
fn assert_screen(name: &str, screen: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("screens");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r" +\d+\.\d ms", "   [time]");
    settings.add_filter(r"(?m)^.{19}│", "[course] │");
    settings.add_filter(r"\d+ are left", "[n] are left");
    settings.bind(|| insta::assert_snapshot!(name, screen));
}

#[test]
fn red_then_green_then_the_next_lesson() {
    let course = Course::new();
    let session = course.watch();
    let red = session.shows(&["0 of 8 checks passed", "what happened"]);
    assert_screen("red", &red);

    session.press("?");
    assert_screen("keys", &session.shows(&["Shift-Tab", "q quit"]));
    session.press("?");

    course.save("fn main() { let x: u8 = \"text\"; }");
    session.shows(&["it does not build", "E0308", "src/main.rs:1:25"]);

    course.save(RIGHT);
    let green = session.shows(&["8 of 8 checks passed", "goes on to the next lesson"]);
    assert_screen("green", &green);
    assert!(red.contains("\n▶  202 greet "), "{red}");
    assert!(green.contains("\n▶✓ 202 greet "), "{green}");
    assert_eq!(course.read("progress.txt"), "202-greet\n");

    session.press("d");
    session.shows(&["- yours   + the solution", "-use std::io::Write;"]);
    // The rest of it stands further down.
    session.press(" ");
    session.shows(&["+// as the course does it"]);

    session.press("n");
    session.shows(&[" 203 connect ", "✗ ", "what happened"]);

    session.press("q");
    let (status, left) = session.end();
    assert!(status.success(), "{status}");
    assert!(left.is_as_before(), "{left:?}");
    // Nothing of it stays on the shell's own screen.
    assert_eq!(left.text.trim(), "");
}

#[test]
fn a_hint_and_a_chosen_check_and_another_size() {
    let course = Course::new();
    let session = course.watch();
    session.shows(&["0 of 8 checks passed", "what happened"]);

    session.press("h");
    assert_screen("hint", &session.shows(&["A hint on greets"]));
    // The solution is not given away.
    session.press("d");
    session.shows(&["The solution is shown when all checks have passed."]);
    // Tab shows the report on the check that is looked at, and then on the next.
    session.press("\t\t");
    session.shows(&["✗ names-the-caller", "2 points"]);

    // So wide that the report is not folded; so narrow that the checks stand in one column.
    session.resize(40, 120);
    let wide = session.shows(&["before it listened on 127.0.0.1"]);
    assert_screen("wide", &wide);
    session.resize(12, 50);
    let small = session.shows(&["│ ✗ greets\n"]);
    assert_screen("small", &small);

    session.press("\u{3}");
    let (status, left) = session.end();
    assert!(status.success(), "{status}");
    assert!(left.is_as_before(), "{left:?}");
}

#[test]
fn a_save_ends_the_run_in_progress_and_a_program_that_hangs_hangs_nothing() {
    let course = Course::new();
    course.save(HANGS);
    let session = course.watch();
    session.shows(&["checking … "]);
    // The screen answers while the program hangs,
    session.press("?");
    session.shows(&["Shift-Tab"]);
    // and the next save does not wait for it.
    course.save(RIGHT);
    session.shows(&["8 of 8 checks passed"]);
    session.press("q");
    assert!(session.end().1.is_as_before());
}

#[test]
fn a_save_ends_a_build_in_progress_with_all_that_it_has_started() {
    let course = Course::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    // A build script that calls us and never ends.
    let script = format!(
        "fn main() {{ let _call = std::net::TcpStream::connect(\"{address}\"); \
         loop {{ std::thread::park() }} }}"
    );
    course.write("exercises/202-greet/build.rs", &script);
    let (sender, called) = channel();
    thread::spawn(move || sender.send(listener.accept()));
    let session = course.watch();
    let call = called.recv_timeout(DEADLINE).expect("the script runs");
    let (mut call, _) = call.expect("it has called");
    session.shows(&["building …"]);

    course.write("exercises/202-greet/build.rs", "fn main() {}");
    course.save(RIGHT);
    session.shows(&["8 of 8 checks passed"]);
    // The script is gone, and with it its end of the connection.
    call.set_read_timeout(Some(DEADLINE)).expect("a limit");
    assert_eq!(call.read(&mut [0]).expect("an end"), 0);
    session.press("q");
    assert!(session.end().1.is_as_before());
}

#[test]
fn an_exercise_that_was_renamed_is_told_of_and_brought_back_by_a_save() {
    let course = Course::new();
    let exercise = course.path().join("exercises/202-greet");
    let session = course.watch();
    session.shows(&["0 of 8 checks passed"]);
    let elsewhere = course.path().join("exercises/mine");
    fs::rename(&exercise, &elsewhere).expect("renamed");
    session.shows(&[
        "it could not be checked",
        "exercises/mine",
        "cargo socklings reset greet",
    ]);
    fs::rename(&elsewhere, &exercise).expect("renamed");
    session.shows(&["0 of 8 checks passed"]);
    session.press("q");
    assert!(session.end().1.is_as_before());
}

#[test]
fn a_signal_ends_it_and_the_terminal_is_as_before() {
    let course = Course::new();
    course.save(HANGS);
    let session = course.watch();
    session.shows(&["checking … "]);
    session.signal(rustix::process::Signal::TERM);
    let (status, left) = session.end();
    assert!(!status.success());
    assert!(left.is_as_before(), "{left:?}");
}
