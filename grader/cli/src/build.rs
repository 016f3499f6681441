//! Turning sources into programs.
//!
//! What belongs to the course is built by cargo. A submission is compiled by rustc itself, against
//! the dependencies that cargo has built for the lesson's solution: nothing that a student hands in
//! beside `src/` can have an effect, since nothing reads it, and it is faster.

use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use harness::Lesson;
use sandbox::{Kind, Limits, Network, Placed, Spec};
use serde_json::Value;
use tempfile::TempDir;

use crate::boxed::{self, Said, Strength};
use crate::sweeper;

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

/// What the compiler may use for one submission; by the clock more, since others want the processors,
/// too.
pub(crate) fn limits(seconds: u16) -> Limits {
    let cpu = Duration::from_secs(seconds.into());
    Limits {
        cpu,
        wall: cpu * 10,
        ..Limits::compiler()
    }
}

/// How submissions of one lesson are compiled.
#[derive(Debug)]
pub(crate) struct Compiler {
    lesson: &'static Lesson,
    edition: String,
    /// The compiler itself, where it lies with its libraries, and not what chooses one by folder.
    sysroot: PathBuf,
    /// The solution's dependencies, and nothing else of what cargo has built: a submission may read
    /// this folder.
    libraries: TempDir,
    externals: Vec<OsString>,
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
        let libraries = sweeper::folder()?;
        copy_libraries(&messages, &manifest, libraries.path())?;
        let mut externals: Vec<OsString> = Vec::new();
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
            external.push(
                libraries
                    .path()
                    .join(library.file_name().unwrap_or_default()),
            );
            externals.extend(["--extern".into(), external]);
        }
        Ok(Self {
            lesson,
            edition: package["edition"].as_str().unwrap_or("2024").to_owned(),
            sysroot: sysroot(course)?,
            libraries,
            externals,
        })
    }

    /// Compiles `src/main.rs` in `folder` and gives the program.
    pub(crate) fn compile(
        &self,
        folder: &Path,
        strength: Strength,
        limits: Limits,
    ) -> anyhow::Result<Result<PathBuf, Ungradable>> {
        if !folder.join("src/main.rs").is_file() {
            return Ok(Err(Ungradable::NoProgram));
        }
        let program = folder.join(self.lesson.slug);
        let rustc = self.sysroot.join("bin/rustc");
        let compiled = match strength.spec(rustc.as_os_str(), &[], limits) {
            Some(spec) => self.compile_in_box(spec, folder, &program)?,
            None => self.compile_here(&rustc, folder, &program)?,
        };
        Ok(compiled.map(|()| program))
    }

    /// The compiler's arguments, with the program's source below `folder`.
    fn arguments(&self, folder: &Path, program: &Path) -> Vec<OsString> {
        let mut remapped = folder.as_os_str().to_owned();
        remapped.push("/=");
        let mut libraries = OsString::from("dependency=");
        libraries.push(self.libraries.path());
        let mut arguments: Vec<OsString> = vec![
            folder.join("src/main.rs").into(),
            "--remap-path-prefix".into(),
            remapped,
            "--crate-type=bin".into(),
            "--crate-name".into(),
            self.lesson.slug.replace('-', "_").into(),
            format!("--edition={}", self.edition).into(),
            // Nobody debugs it here, and without what a debugger wants it is linked in half the time.
            "-Cdebuginfo=0".into(),
            "-Cstrip=debuginfo".into(),
            // It is small: no thread of the compiler's is worth its start.
            "-Ccodegen-units=1".into(),
            // A warning is no reason to fail.
            "--cap-lints=warn".into(),
            "--color=never".into(),
            "-L".into(),
            libraries,
            "-o".into(),
            program.into(),
        ];
        arguments.extend_from_slice(&self.externals);
        arguments
    }

    fn environment(&self, folder: &Path) -> [(&'static str, OsString); 3] {
        [
            ("CARGO_PKG_NAME", self.lesson.slug.into()),
            ("CARGO_BIN_NAME", self.lesson.slug.into()),
            ("CARGO_MANIFEST_DIR", folder.into()),
        ]
    }

    fn compile_here(
        &self,
        rustc: &Path,
        folder: &Path,
        program: &Path,
    ) -> anyhow::Result<Result<(), Ungradable>> {
        let output = Command::new(rustc)
            .current_dir(folder)
            .args(self.arguments(folder, program))
            .envs(self.environment(folder))
            .stdin(Stdio::null())
            .output()
            .context("cannot start rustc")?;
        if output.status.success() {
            return Ok(Ok(()));
        }
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Err(Ungradable::DoesNotBuild(words)))
    }

    /// In a box that shows the compiler, the libraries and the submission's `src/`, and no network.
    fn compile_in_box(
        &self,
        mut spec: Spec,
        folder: &Path,
        program: &Path,
    ) -> anyhow::Result<Result<(), Ungradable>> {
        const PRODUCT: &str = "program";
        let shown = match spec.kind {
            Kind::Full => Path::new("/submission"),
            Kind::Light => folder,
        };
        spec.args = self.arguments(shown, Path::new(PRODUCT));
        spec.readable = vec![self.sysroot.clone(), self.libraries.path().to_owned()];
        spec.placed = vec![Placed {
            from: folder.join("src"),
            to: shown.join("src"),
        }];
        spec.network = Network::Nothing;
        spec.same_user = true;
        spec.ports = Some(Vec::new());
        spec.product = Some(PRODUCT.into());
        let made = File::create(program).context("cannot write to the work folder")?;
        let said = boxed::run(&spec, &self.environment(shown), made)?;
        match said {
            Said::Good => {
                let mode = Permissions::from_mode(0o755);
                fs::set_permissions(program, mode).context("cannot write to the work folder")?;
                Ok(Ok(()))
            }
            Said::Bad(words) => Ok(Err(Ungradable::DoesNotBuild(words))),
        }
    }
}

/// Copies what cargo has built into `folder`, but for the package of `manifest`.
fn copy_libraries(messages: &[Value], manifest: &Path, folder: &Path) -> anyhow::Result<()> {
    // A box's program is another user where the grader is root.
    fs::set_permissions(folder, Permissions::from_mode(0o755)).context("cannot write a folder")?;
    let others = messages
        .iter()
        .filter(|message| message["manifest_path"].as_str().map(Path::new) != Some(manifest));
    for file in others.flat_map(|message| message["filenames"].as_array().into_iter().flatten()) {
        let path = Path::new(file.as_str().unwrap_or_default());
        let is_library = path.extension().is_some_and(|end| {
            ["rlib", "rmeta", "so", "dylib"]
                .iter()
                .any(|known| end == *known)
        });
        if let Some(name) = path.file_name().filter(|_| is_library) {
            let copy = folder.join(name);
            fs::copy(path, &copy).with_context(|| format!("cannot copy {}", path.display()))?;
            let readable = Permissions::from_mode(0o644);
            fs::set_permissions(copy, readable).context("cannot write a folder")?;
        }
    }
    Ok(())
}

/// Where the course's compiler is.
fn sysroot(course: &Path) -> anyhow::Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .current_dir(course)
        .args(["--print", "sysroot"])
        .stdin(Stdio::null())
        .output()
        .context("cannot start rustc")?;
    let answer = String::from_utf8(output.stdout).context("cannot read where rustc is")?;
    Ok(answer.trim_end().into())
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
