//! The programs of all lessons, found on disk and built by cargo, once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, anyhow, ensure};
use harness::Lesson;
use serde_json::Value;

use crate::names_in;

/// The course's folder.
pub(crate) fn course() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// The wrong and the right programs of one lesson, by file name.
#[derive(Debug, Default)]
pub(crate) struct OfLesson {
    pub(crate) wrong: Vec<String>,
    pub(crate) right: Vec<String>,
}

/// The programs of all lessons.
#[derive(Debug)]
pub(crate) struct Programs(HashMap<u16, OfLesson>);

impl Programs {
    pub(crate) fn find() -> Self {
        let of = |lesson: &Lesson| {
            let folder = course().join("lessons").join(lesson.folder());
            OfLesson {
                wrong: names_in(&folder.join("wrong")),
                right: names_in(&folder.join("right")),
            }
        };
        Self(course::LESSONS.iter().map(|l| (l.number, of(l))).collect())
    }

    pub(crate) fn of(&self, lesson: &Lesson) -> &OfLesson {
        &self.0[&lesson.number]
    }
}

/// One program that cargo has built.
#[derive(Clone, Debug, Default)]
struct Program {
    executable: PathBuf,
    warnings: String,
}

/// Everything, built when the first test asks.
#[derive(Debug, Default)]
pub(crate) struct Built(OnceLock<Result<HashMap<String, Program>, String>>);

impl Built {
    /// The executable of the program called `name`.
    pub(crate) fn executable(&self, name: &str) -> anyhow::Result<PathBuf> {
        Ok(self.program(name)?.executable.clone())
    }

    /// What the compiler had to say about it.
    pub(crate) fn warnings(&self, name: &str) -> anyhow::Result<&str> {
        Ok(&self.program(name)?.warnings)
    }

    fn program(&self, name: &str) -> anyhow::Result<&Program> {
        let built = self
            .0
            .get_or_init(|| build().map_err(|error| format!("{error:#}")));
        let programs = built.as_ref().map_err(|error| anyhow!("{error}"))?;
        programs.get(name).with_context(|| {
            format!("cargo has built no program {name}: is it an [[example]] of its lesson?")
        })
    }
}

fn build() -> anyhow::Result<HashMap<String, Program>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(course())
        .args(["build", "--bins", "--examples", "--message-format=json"]);
    for lesson in course::LESSONS {
        for package in ["", "-lesson", "-solution"] {
            cargo.args(["--package", &format!("{}{package}", lesson.slug)]);
        }
    }
    let output = cargo
        .stdin(Stdio::null())
        .output()
        .context("cannot start cargo")?;
    let mut programs: HashMap<String, Program> = HashMap::new();
    let mut errors = String::new();
    for line in output
        .stdout
        .split(|&b| b == b'\n')
        .filter(|line| !line.is_empty())
    {
        let message: Value = serde_json::from_slice(line).context("cannot read cargo's words")?;
        let name = message["target"]["name"].as_str().unwrap_or_default();
        let kind = &message["target"]["kind"][0];
        if kind != "bin" && kind != "example" {
            continue;
        }
        let program = programs.entry(name.to_owned()).or_default();
        if let Some(path) = message["executable"].as_str() {
            program.executable = path.into();
        }
        if let Some(words) = message["message"]["rendered"].as_str() {
            program.warnings.push_str(words);
            errors.push_str(words);
        }
    }
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "cargo build fails:\n{errors}\n{said}"
    );
    Ok(programs)
}
