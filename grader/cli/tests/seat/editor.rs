//! What an editor finds in the course: rust-analyzer asks cargo for the packages and their targets, and has
//! cargo check them all whenever a file is saved.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

use crate::course::{Course, RIGHT};
use crate::pty::DEADLINE;

/// What `cargo metadata` says of the workspace in `folder`.
fn metadata(folder: &Path) -> Value {
    let output = cargo(folder)
        .args(["metadata", "--no-deps", "--format-version=1"])
        .output()
        .expect("cargo starts");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the workspace loads:\n{words}");
    serde_json::from_slice(&output.stdout).expect("an object")
}

/// What cargo says when it checks `what` as rust-analyzer has it checked: an object a line.
fn check(course: &Course, what: &[&str]) -> Vec<Value> {
    let output = cargo(course.path())
        .args(["check", "--quiet", "--all-targets"])
        .args(what)
        .args(["--keep-going", "--message-format=json"])
        .output()
        .expect("cargo starts");
    let lines = output.stdout.split(|&byte| byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice(line).expect("an object"))
        .collect()
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(folder)
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null());
    command
}

/// The files of a package's targets of this kind.
fn sources(metadata: &Value, package: &str, kind: &str) -> Vec<String> {
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|own| own["name"] == package);
    let targets = package.and_then(|own| own["targets"].as_array());
    let of_kind = |target: &&Value| {
        let kinds = target["kind"].as_array().expect("kinds");
        kinds.iter().any(|own| own == kind)
    };
    let targets = targets.into_iter().flatten().filter(of_kind);
    let source = |target: &Value| target["src_path"].as_str().map(str::to_owned);
    targets.filter_map(source).collect()
}

/// Whether the program of this package was checked without an error.
fn is_sound(messages: &[Value], package: &str) -> bool {
    messages.iter().any(|message| {
        message["reason"] == "compiler-artifact"
            && message["target"]["name"] == package
            && message["target"]["kind"][0] == "bin"
    })
}

#[test]
fn every_exercise_is_a_package_with_its_program_and_its_checks() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let course = here.ancestors().nth(2).expect("the course's folder");
    let metadata = metadata(course);
    for lesson in ::course::LESSONS {
        for (kind, file) in [("bin", "src/main.rs"), ("test", "tests/checks.rs")] {
            let sources = sources(&metadata, lesson.slug, kind);
            let expected = course.join("exercises").join(lesson.folder()).join(file);
            assert_eq!(sources, [expected.to_string_lossy()]);
            assert!(expected.is_file(), "{}", expected.display());
        }
    }
}

#[test]
fn an_error_is_told_with_its_file_and_line_and_spoils_no_other_exercise() {
    let course = Course::new();
    course.save("fn main() {\n    let port: u16 = \"text\";\n}\n");
    course.write("exercises/203-connect/src/main.rs", RIGHT);
    let messages = check(&course, &["--workspace"]);
    let errors = messages.iter().filter(|m| m["message"]["level"] == "error");
    let spans = errors.flat_map(|m| {
        m["message"]["spans"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    });
    let places: Vec<String> = spans
        .filter(|span| span["is_primary"] == true)
        .map(|span| format!("{}:{}", span["file_name"], span["line_start"]))
        .collect();
    let place = "\"exercises/202-greet/src/main.rs\":2";
    assert!(places.iter().any(|own| own == place), "{places:?}");
    assert!(is_sound(&messages, "connect"), "{messages:?}");
    assert!(!is_sound(&messages, "greet"), "{messages:?}");
}

#[test]
fn what_is_deleted_or_renamed_in_one_exercise_spoils_no_other() {
    for lost in ["", "src/main.rs", "tests/checks.rs"] {
        let course = Course::new();
        let path = course.path().join("exercises/202-greet").join(lost);
        if lost.is_empty() {
            fs::remove_dir_all(&path).expect("deleted");
        } else {
            fs::rename(&path, path.with_extension("lost")).expect("renamed");
        }
        let metadata = metadata(course.path());
        assert_eq!(sources(&metadata, "connect", "bin").len(), 1, "{lost}");
        let messages = check(&course, &["--package", "connect"]);
        assert!(is_sound(&messages, "connect"), "{lost}");
    }
}

/// A group of processes that ends with this.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // Gone already: just as well.
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.wait();
    }
}

#[test]
fn who_watches_does_not_wait_for_an_editor_that_checks_everything() {
    let course = Course::new();
    course.save(RIGHT);
    // The editor's cargo is at work, and stays so: a build script calls us and never ends.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let script = format!(
        "fn main() {{ let _call = std::net::TcpStream::connect(\"{address}\"); \
         loop {{ std::thread::park() }} }}"
    );
    course.write("exercises/203-connect/build.rs", &script);
    let (sender, called) = channel();
    thread::spawn(move || sender.send(listener.accept()));
    let mut editor = cargo(course.path());
    editor
        .args(["check", "--quiet", "--workspace", "--all-targets"])
        .env("CARGO_TARGET_DIR", course.path().join("target"))
        .process_group(0);
    let _editor = Group(editor.spawn().expect("cargo starts"));
    let _call = called.recv_timeout(DEADLINE).expect("the script runs");

    let session = course.watch();
    session.shows(&["8 of 8 checks passed"]);
    session.press("q");
    assert!(session.end().1.is_as_before());
}
