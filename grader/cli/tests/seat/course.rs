//! A small course, whose exercises need nothing but the standard library.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::assert::Assert;
use pty_process::blocking::Command;
use tempfile::TempDir;

use crate::pty::Session;

/// Answers each client as 202 greet asks for.
pub(crate) const RIGHT: &str = r#"
use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    for client in TcpListener::bind(address)?.incoming() {
        let Ok(mut client) = client else { continue };
        let Ok(peer) = client.peer_addr() else { continue };
        let _ = write!(client, "hello {peer}\r\n");
    }
    Ok(())
}
"#;

/// Ends before it listens.
pub(crate) const WRONG: &str = "fn main() {}";

/// Never listens, and never stands still either: only a deadline ends a check of it.
pub(crate) const HANGS: &str = r"
fn main() {
    loop {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}
";

/// A course of two exercises.
pub(crate) struct Course {
    folder: TempDir,
}

impl Course {
    pub(crate) fn new() -> Self {
        let course = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        course.write("lessons/course/Cargo.toml", "");
        course.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"exercises/*\"]\n\
             [profile.dev]\ndebug = false\n",
        );
        course.add("greet");
        course.add("connect");
        course
    }

    /// Adds the exercise of a lesson.
    pub(crate) fn add(&self, slug: &str) {
        let lesson = ::course::find(slug).expect("a lesson");
        let package = format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [[test]]\nname = \"checks\"\npath = \"tests/checks.rs\"\nharness = false\n",
            lesson.slug
        );
        let file = |name: &str| format!("exercises/{}/{name}", lesson.folder());
        self.write(&file("Cargo.toml"), &package);
        self.write(&file("tests/checks.rs"), "fn main() {}");
        self.write(&file("src/main.rs"), WRONG);
        let kept = |name: &str| format!("lessons/{}/skeleton/{name}", lesson.folder());
        self.write(&kept("src/main.rs"), WRONG);
        let solution = format!("solutions/{}/src/main.rs", lesson.folder());
        self.write(&solution, "// as the course does it\n");
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path: PathBuf = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// Saves greet's program.
    pub(crate) fn save(&self, program: &str) {
        self.write("exercises/202-greet/src/main.rs", program);
    }

    /// Runs `socklings` with these arguments and this input.
    pub(crate) fn socklings(&self, arguments: &[&str], input: &str) -> Assert {
        let mut command = assert_cmd::Command::cargo_bin("socklings").expect("it is built");
        command
            .args(arguments)
            .current_dir(self.path())
            .env("CARGO_TARGET_DIR", self.path().join("target"))
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("RUSTFLAGS")
            .write_stdin(input)
            .assert()
    }

    /// What stands in the file of that name.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("it is there")
    }

    /// Watches greet on a terminal of 80×24.
    pub(crate) fn watch(&self) -> Session {
        self.at_a_terminal(&["watch", "greet"])
    }

    /// Runs `socklings` with these arguments on a terminal of 80×24.
    pub(crate) fn at_a_terminal(&self, arguments: &[&str]) -> Session {
        let command = Command::new(env!("CARGO_BIN_EXE_socklings"))
            .args(arguments)
            .current_dir(self.path())
            .env("CARGO_TARGET_DIR", self.path().join("target"))
            .env("CARGO_NET_OFFLINE", "true")
            .env("SOCKLINGS_SEED", "4711")
            .env("TERM", "xterm-256color")
            .env_remove("RUSTFLAGS")
            .env_remove("NO_COLOR");
        Session::start(command, 24, 80)
    }
}
