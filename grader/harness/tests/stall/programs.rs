//! The programs under corpus/, built by cargo, and how each is started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use harness::Target;
use serde_json::Value;

/// One program of a collection.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) name: String,
    /// The command that starts it.
    pub(crate) words: Vec<OsString>,
}

impl Program {
    /// Started with its address, and `mode` after it.
    pub(crate) fn target(&self, mode: &[&str]) -> Target {
        let mut words = self.words.clone();
        words.push("{address}".into());
        words.extend(mode.iter().map(OsString::from));
        Target::command(words)
    }
}

/// All programs of `collection`: those that the example of that name lists, and the scripts beside
/// its source, if there is a Python.
pub(crate) fn of(collection: &str) -> anyhow::Result<Vec<Program>> {
    let example = build(collection)?;
    let listed = Command::new(&example)
        .output()
        .context("it does not start")?;
    let listed = String::from_utf8(listed.stdout)?;
    let mut programs: Vec<Program> = listed
        .lines()
        .map(|name| Program {
            name: name.to_owned(),
            words: vec![example.clone().into(), name.into()],
        })
        .collect();
    if let Some(python) = python() {
        programs.extend(scripts(collection)?.into_iter().map(|path| Program {
            name: path.file_name().unwrap_or_default().display().to_string(),
            words: vec![python.clone(), "-B".into(), path.into()],
        }));
    }
    Ok(programs)
}

fn corpus(collection: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(collection)
}

fn scripts(collection: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(corpus(collection))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with("py-") {
            scripts.push(path);
        }
    }
    scripts.sort();
    Ok(scripts)
}

/// The interpreter itself: `python3` may be a script that looks for it, and takes its time.
fn python() -> Option<OsString> {
    let print = "import sys; print(sys.executable)";
    let output = Command::new("python3").args(["-c", print]).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    (!path.trim().is_empty()).then(|| path.trim().into())
}

/// Where cargo has put the example of that name.
pub(crate) fn build(example: &str) -> anyhow::Result<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--package", "harness", "--example", example])
        .arg("--message-format=json")
        .stdin(Stdio::null())
        .output()
        .context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo build fails:\n{said}");
    for line in output
        .stdout
        .split(|&b| b == b'\n')
        .filter(|l| !l.is_empty())
    {
        let message: Value = serde_json::from_slice(line).context("cannot read cargo's words")?;
        if let Some(path) = message["executable"].as_str()
            && message["target"]["name"] == example
        {
            return Ok(path.into());
        }
    }
    anyhow::bail!("cargo has built no example {example}")
}
