//! The programs of the course whose traffic is captured, built by cargo.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::script::Capture;
use super::source::Program;

/// Where they are.
#[derive(Debug)]
pub(crate) struct Built {
    home: PathBuf,
    executables: HashMap<String, String>,
}

impl Built {
    /// Builds what `captures` run. `home` is the folder of the course.
    pub(crate) fn of(home: &Path, captures: &[Capture]) -> anyhow::Result<Self> {
        let programs = captures.iter().flat_map(|capture| &capture.source.programs);
        let names: BTreeSet<&str> = programs
            .filter(|program| program.words.first().is_some_and(|word| word != "python3"))
            .map(Program::name)
            .collect();
        let executables = if names.is_empty() {
            HashMap::new()
        } else {
            build(home, &names)?
        };
        Ok(Self {
            home: home.to_owned(),
            executables,
        })
    }

    /// The folder in which they run.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// The words that start a program.
    pub(crate) fn words(&self, program: &Program) -> anyhow::Result<Vec<String>> {
        let mut words = program.words.clone();
        let first = words.first_mut().context("a program without a name")?;
        if first != "python3" {
            let executable = self.executables.get(first.as_str());
            let executable = executable.with_context(|| format!("cargo has built no {first}"))?;
            executable.clone_into(first);
        }
        Ok(words)
    }
}

fn build(home: &Path, names: &BTreeSet<&str>) -> anyhow::Result<HashMap<String, String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(home)
        .args(["build", "--quiet", "--message-format=json"]);
    for name in names {
        // `echo-demo-send-one` is an example of the package `echo-lesson`.
        match name.split_once("-demo-") {
            Some((slug, _)) => command.args(["--package", &format!("{slug}-lesson")]),
            None => command.args(["--package", name, "--bin", name]),
        };
        if name.contains("-demo-") {
            command.args(["--example", name]);
        }
    }
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    ensure!(
        output.status.success(),
        "cargo cannot build the programs that are captured"
    );
    let mut executables = HashMap::new();
    for line in output.stdout.split(|&b| b == b'\n') {
        if line.is_empty() {
            continue;
        }
        let message: Value = serde_json::from_slice(line).context("cannot read cargo's words")?;
        if let (Some(name), Some(path)) = (
            message["target"]["name"].as_str(),
            message["executable"].as_str(),
        ) {
            executables.insert(name.to_owned(), path.to_owned());
        }
    }
    Ok(executables)
}
