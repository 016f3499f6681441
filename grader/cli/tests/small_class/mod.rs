//! A small class whose programs are graded in no time.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gradebook::Gradebook;
use tempfile::TempDir;

pub(crate) struct Class {
    pub(crate) folder: TempDir,
    pub(crate) students: usize,
}

impl Class {
    /// Of programs that are graded in no time, each another one; every fifth does not compile.
    pub(crate) fn of(students: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..students {
            let end = if number % 5 == 4 { "oh no" } else { "" };
            let source = format!("// {number}\nfn main() {{ {end} }}\n");
            let place = folder
                .path()
                .join(format!("class/student-{number:02}/205-echo/src"));
            fs::create_dir_all(&place).expect("it is ours");
            fs::write(place.join("main.rs"), source).expect("it is ours");
        }
        fs::create_dir(folder.path().join("tmp")).expect("it is ours");
        Self { folder, students }
    }

    pub(crate) fn gradebook(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn grader(&self, gradebook: &Path) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("socklings"));
        command
            .arg("grade")
            .arg(self.folder.path().join("class"))
            .args([
                "--lesson",
                "echo",
                "--seed",
                "1",
                "--deadline-scale",
                "10",
                "--gradebook",
            ])
            .arg(gradebook)
            .env("TMPDIR", self.folder.path().join("tmp"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Every student's mark for echo, with the outcome of each check.
    pub(crate) fn marks(&self, gradebook: &Path) -> Vec<String> {
        let book = Gradebook::open_existing(gradebook).expect("it is there");
        assert!(book.is_whole().expect("it can be read"));
        let mut marks = Vec::new();
        for history in book.histories().expect("it can be read") {
            assert!(history.mark.is_some(), "{history:?}");
            let grading = book.grading(history.grading).expect("it can be read");
            let record = grading.expect("it is kept").record;
            let checks: Vec<_> = record
                .checks
                .iter()
                .map(|c| (&c.name, c.result.name()))
                .collect();
            let (student, result) = (&history.student, record.result.name());
            marks.push(format!("{student} {result} {} {checks:?}", record.points));
        }
        marks.sort();
        let all = u64::try_from(self.students).expect("few");
        let [students, submissions, gradings, _, given] = book.sizes().expect("it can be read");
        assert_eq!(
            [students, submissions, gradings, given],
            [all; 4],
            "no row twice, none missing"
        );
        marks
    }
}
