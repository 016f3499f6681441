//! Turning sources into programs.
//!
//! What belongs to the course is built by cargo. A submission is compiled by rustc itself, against
//! the dependencies that cargo has built for the lesson's solution: nothing that a student hands in
//! beside `src/` can have an effect, since nothing reads it, and it is faster.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use harness::Lesson;
use serde_json::Value;

use crate::surroundings;

/// Why there is no program to run. The compiler's words are the feedback.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ungradable {
    #[error("it does not build:\n{0}")]
    DoesNotBuild(String),
    #[error("there is no src/main.rs")]
    NoProgram,
    #[error("{0} is a link or a special file; only files and folders are graded")]
    NotAFile(String),
}

/// Builds a package of the course and gives its executable.
pub(crate) fn package(course: &Path, name: &str) -> anyhow::Result<Result<PathBuf, Ungradable>> {
    let messages = match cargo_build(course, name)? {
        Ok(messages) => messages,
        Err(reason) => return Ok(Err(reason)),
    };
    match executable_in(&messages) {
        Some(path) => Ok(Ok(path)),
        None => bail!("cargo built {name} and named no executable"),
    }
}

/// The command that builds `package`: it prints one JSON object for each thing that it made, and
/// diagnostics for people on standard error.
pub(crate) fn command(course: &Path, package: &str) -> Command {
    let mut command = cargo();
    command
        .current_dir(course)
        .args([
            "build",
            "--quiet",
            "--message-format=json-render-diagnostics",
        ])
        .args(["--package", package])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What cargo says while it builds `package`: one JSON object for each thing that it made.
fn cargo_build(course: &Path, package: &str) -> anyhow::Result<Result<Vec<Value>, Ungradable>> {
    let mut child = command(course, package)
        .spawn()
        .map_err(surroundings::no_cargo)?;
    // Both at once, or one that is not read would fill up and block cargo.
    let mut stderr = child
        .stderr
        .take()
        .context("cargo's standard error is piped")?;
    let words = std::thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).map(|_| text)
    });
    let output = child.wait_with_output().context("cannot wait for cargo")?;
    let words = match words.join() {
        Ok(words) => words.context("cannot read what cargo says")?,
        Err(_) => bail!("cannot read what cargo says"),
    };
    if !output.status.success() {
        if let Some(explained) = surroundings::explain(&words) {
            bail!("{explained}");
        }
        return Ok(Err(Ungradable::DoesNotBuild(words)));
    }
    Ok(Ok(messages(&output.stdout)?))
}

/// What cargo printed.
fn messages(stdout: &[u8]) -> anyhow::Result<Vec<Value>> {
    let lines = stdout.split(|&byte| byte == b'\n');
    lines
        .filter(|line| !line.is_empty())
        .map(serde_json::from_slice)
        .collect::<Result<_, _>>()
        .context("cannot read what cargo built")
}

/// The executable among what cargo says it has built.
pub(crate) fn executable(stdout: &[u8]) -> anyhow::Result<Option<PathBuf>> {
    Ok(executable_in(&messages(stdout)?))
}

fn executable_in(messages: &[Value]) -> Option<PathBuf> {
    let executables = messages
        .iter()
        .filter_map(|message| message["executable"].as_str());
    executables.map(PathBuf::from).next_back()
}

pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// How submissions of one lesson are compiled.
#[derive(Debug)]
pub(crate) struct Compiler {
    lesson: &'static Lesson,
    edition: String,
    arguments: Vec<OsString>,
}

impl Compiler {
    /// Builds the dependencies of `lesson` and remembers where they are.
    pub(crate) fn prepare(course: &Path, lesson: &'static Lesson) -> anyhow::Result<Self> {
        let solution = format!("{}-solution", lesson.slug);
        let messages = match cargo_build(course, &solution)? {
            Ok(messages) => messages,
            Err(reason) => bail!(
                "the reference solution of {} does not build: {reason}",
                lesson.slug
            ),
        };
        let manifest = course.join(format!("solutions/{}/Cargo.toml", lesson.folder()));
        let package = manifest_of(&manifest)?;
        let mut arguments: Vec<OsString> = Vec::new();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            if !dependency["kind"].is_null() {
                continue;
            }
            let name = dependency["name"].as_str().unwrap_or_default();
            let called = dependency["rename"]
                .as_str()
                .unwrap_or(name)
                .replace('-', "_");
            let library = library(&messages, name)
                .with_context(|| format!("cargo did not say where it put {name}"))?;
            let mut external = OsString::from(format!("{called}="));
            external.push(&library);
            arguments.extend(["--extern".into(), external]);
            if let Some(folder) = library.parent() {
                // Cargo keeps a copy beside the deps folder only for what was asked for by name.
                let mut search = OsString::from("dependency=");
                search.push(folder);
                arguments.extend(["-L".into(), search]);
            }
        }
        Ok(Self {
            lesson,
            edition: package["edition"].as_str().unwrap_or("2024").to_owned(),
            arguments,
        })
    }

    /// Compiles `src/main.rs` in `folder` and gives the program.
    pub(crate) fn compile(&self, folder: &Path) -> anyhow::Result<Result<PathBuf, Ungradable>> {
        if !folder.join("src/main.rs").is_file() {
            return Ok(Err(Ungradable::NoProgram));
        }
        let program = folder.join(self.lesson.slug);
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .current_dir(folder)
            .args(["src/main.rs", "--crate-type=bin", "--crate-name"])
            .arg(self.lesson.slug.replace('-', "_"))
            .arg(format!("--edition={}", self.edition))
            // As the course's own profile; and a warning is no reason to fail.
            .args([
                "-Cdebuginfo=line-tables-only",
                "--cap-lints=warn",
                "--color=never",
            ])
            .args(&self.arguments)
            .arg("-o")
            .arg(&program)
            .env("CARGO_PKG_NAME", self.lesson.slug)
            .env("CARGO_BIN_NAME", self.lesson.slug)
            .env("CARGO_MANIFEST_DIR", folder)
            .stdin(Stdio::null())
            .output()
            .context("cannot start rustc")?;
        if output.status.success() {
            return Ok(Ok(program));
        }
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Err(Ungradable::DoesNotBuild(words)))
    }
}

/// What cargo knows about the package of this manifest.
fn manifest_of(manifest: &Path) -> anyhow::Result<Value> {
    let output = cargo()
        .args([
            "metadata",
            "--no-deps",
            "--format-version=1",
            "--manifest-path",
        ])
        .arg(manifest)
        .stdin(Stdio::null())
        .output()
        .context("cannot start cargo")?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).context("cannot read cargo's metadata")?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    packages
        .into_iter()
        .find(|package| package["manifest_path"].as_str().map(Path::new) == Some(manifest))
        .with_context(|| format!("cargo does not know {}", manifest.display()))
}

/// The compiled library of the package called `name`.
fn library(messages: &[Value], name: &str) -> Option<PathBuf> {
    let made_by = |message: &&Value| {
        let target = &message["target"];
        message["reason"] == "compiler-artifact"
            && target["name"].as_str().map(|n| n.replace('-', "_")) == Some(name.replace('-', "_"))
            && target["kind"].as_array().is_some_and(|kinds| {
                kinds
                    .iter()
                    .any(|kind| kind == "lib" || kind == "proc-macro")
            })
    };
    let files = messages.iter().find(made_by)?["filenames"].as_array()?;
    let library = |file: &&Value| {
        let path = file.as_str().unwrap_or_default();
        [".rlib", ".so", ".dylib"]
            .iter()
            .any(|end| path.ends_with(end))
    };
    files.iter().find(library)?.as_str().map(PathBuf::from)
}
