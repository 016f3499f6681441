//! A copy of the course, for measures that change its files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Where the course is.
pub(crate) fn course() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// A checkout of its own.
pub(crate) struct Copy {
    folder: PathBuf,
}

impl Copy {
    /// Copies the course to `folder`.
    pub(crate) fn of(course: &Path, folder: &Path) -> Self {
        let folders = [
            ".cargo",
            "book",
            "exercises",
            "grader",
            "lessons",
            "solutions",
        ];
        for name in folders {
            let status = Command::new("cp")
                .arg("-r")
                .arg(course.join(name))
                .arg(folder)
                .status();
            assert!(
                status.is_ok_and(|status| status.success()),
                "{name} is copied"
            );
        }
        for name in ["Cargo.toml", "Cargo.lock"] {
            std::fs::copy(course.join(name), folder.join(name)).expect("it is copied");
        }
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts the solution of echo in the exercise's place.
    pub(crate) fn solve(&self) {
        let solution = self.folder.join("solutions/205-echo/src/main.rs");
        let exercise = self.folder.join("exercises/205-echo/src/main.rs");
        std::fs::copy(solution, exercise).expect("it is copied");
    }

    /// Changes a line of the exercise.
    pub(crate) fn change(&self, number: usize) {
        let path = self.folder.join("exercises/205-echo/src/main.rs");
        let text = std::fs::read_to_string(&path).expect("it is there");
        let kept: Vec<&str> = text
            .lines()
            .filter(|l| !l.starts_with("// change"))
            .collect();
        let changed = format!("{}\n// change {number}\n", kept.join("\n"));
        std::fs::write(
            &path,
            changed.replace("128", &format!("{}", 128 + number % 100)),
        )
        .expect("it is ours");
    }

    /// Runs the checks of echo, and gives how long that took.
    pub(crate) fn test(&self) -> Duration {
        self.cargo(&["test", "--quiet", "--package", "echo"])
    }

    /// Runs cargo, and gives how long that took.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Duration {
        let start = Instant::now();
        let output = Command::new(env!("CARGO"))
            .current_dir(&self.folder)
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env_remove("CARGO_MANIFEST_DIR")
            .stdin(Stdio::null())
            .output()
            .expect("cargo starts");
        let elapsed = start.elapsed();
        let words = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "cargo {arguments:?} fails:\n{words}\n{errors}"
        );
        elapsed
    }
}
