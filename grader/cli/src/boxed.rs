//! How strong a box submissions get, and how programs are started in it.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use gradebook::GradingRecord;
use harness::launch::{Between, Direct, Ending, Keeper, Launch, Launcher};
use sandbox::{Kind, Limit, Limits, Link, Prepared, Spec, machine};

use crate::args::{ArenaChoice, BoxChoice};

/// The executable that keeps boxes: this one.
pub(crate) const KEEPER: &str = "/proc/self/exe";

/// The box that all programs of one run get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strength {
    /// None: there are no boxes.
    kind: Option<Kind>,
    /// Whether programs are in this machine's own network.
    in_hosts_network: bool,
}

/// There is no box as it was asked for.
#[derive(Debug, thiserror::Error)]
#[error(
    "this machine cannot build {what}: {reason}\nWhat it can do, and what to do about the rest: cargo \
     socklings doctor"
)]
pub(crate) struct NoBox {
    what: &'static str,
    reason: String,
}

impl Strength {
    /// What was asked for; for submissions, where nothing was, the strongest that there is.
    pub(crate) fn for_submissions(choice: Option<BoxChoice>) -> Result<Self, NoBox> {
        if choice.is_some() {
            return Self::chosen(choice);
        }
        Self::chosen(Some(BoxChoice::Full)).or_else(|full| {
            let light = Self::chosen(Some(BoxChoice::Light));
            light.map_err(|light| NoBox {
                what: "a box, and runs no submission without one unless told to (--box none)",
                reason: format!(
                    "the full one: {}; the light one: {}",
                    full.reason, light.reason
                ),
            })
        })
    }

    /// What was asked for; no box where nothing was.
    pub(crate) fn chosen(choice: Option<BoxChoice>) -> Result<Self, NoBox> {
        let (kind, what) = match choice {
            None | Some(BoxChoice::None) => return Ok(Self::default()),
            Some(BoxChoice::Full) => (Kind::Full, "the full box"),
            Some(BoxChoice::Light) => (Kind::Light, "the light box"),
        };
        let tried = machine::try_box(Path::new(KEEPER), kind);
        tried.map(|()| Self::of(kind)).map_err(|error| NoBox {
            what,
            reason: error.to_string(),
        })
    }

    fn of(kind: Kind) -> Self {
        Self {
            kind: Some(kind),
            in_hosts_network: false,
        }
    }

    /// The same, with programs in this arena.
    pub(crate) fn with(self, arena: ArenaChoice) -> Self {
        Self {
            in_hosts_network: arena == ArenaChoice::Host,
            ..self
        }
    }

    /// `full`, `light` or `none`.
    pub(crate) fn name(self) -> &'static str {
        match self.kind {
            Some(Kind::Full) => "full",
            Some(Kind::Light) => "light",
            None => "none",
        }
    }

    /// The box that a stored grading was made in, if there is one of that name.
    pub(crate) fn of_grading(record: &GradingRecord) -> Option<Self> {
        let kind = match record.identity.boxed.as_str() {
            "full" => Some(Kind::Full),
            "light" => Some(Kind::Light),
            "none" => None,
            _ => return None,
        };
        Some(Self {
            kind,
            in_hosts_network: record.identity.arena == "host",
        })
    }

    /// What programs are not kept from, in words.
    pub(crate) fn does_not_promise(self) -> Vec<&'static str> {
        let open: &[_] = match self.kind {
            Some(kind) => kind.does_not_promise(),
            None => &["programs run as you, and may do all that you may do"],
        };
        let network = "programs are in this machine's own network (--arena host)";
        let network = (self.kind.is_some() && self.in_hosts_network).then_some(network);
        open.iter().copied().chain(network).collect()
    }

    /// Which box it is, for people.
    pub(crate) fn in_words(self) -> String {
        let mut words = format!("box: {}", self.name());
        let open = self.does_not_promise();
        if !open.is_empty() {
            words.push_str("; it does not keep programs from everything:");
        }
        for line in open {
            words.push_str("\n  - ");
            words.push_str(line);
        }
        words
    }

    /// A box for `program`, if there are boxes.
    pub(crate) fn spec(self, program: &OsStr, args: &[OsString], limits: Limits) -> Option<Spec> {
        self.kind.map(|kind| Spec {
            kind,
            ..Spec::new(program, args, limits)
        })
    }

    /// How programs are started.
    pub(crate) fn launcher(self) -> Arc<dyn Launcher> {
        match self.kind {
            Some(kind) => Arc::new(Boxed(kind)),
            None => Arc::new(Direct),
        }
    }
}

/// Starts each program in a box of its own.
#[derive(Debug)]
struct Boxed(Kind);

impl Launcher for Boxed {
    fn launch(
        &self,
        program: &OsStr,
        args: &[OsString],
        folders: &[PathBuf],
    ) -> io::Result<Launch> {
        let found = find(program)?;
        let mut spec = Spec::new(found.executable, args, Limits::program());
        spec.kind = self.0;
        spec.readable = found.readable;
        spec.writable = folders.to_vec();
        spec.ports = Some(ports(args));
        for arg in &mut spec.args {
            if let Some(file) = script(arg, folders) {
                spec.readable.push(file.clone());
                *arg = file.into();
            }
        }
        let Prepared { command, link } = sandbox::prepare(Path::new(KEEPER), &spec)?;
        Ok(Launch {
            command,
            keeper: Some(Box::new(KeptBy {
                link,
                most_output: spec.limits.output,
            })),
        })
    }
}

/// How a program that was run to its end has fared.
#[derive(Debug)]
pub(crate) enum Said {
    /// It ended with status 0.
    Good,
    /// It did not; what it printed on standard error, and which limits it ran into.
    Bad(String),
}

/// Runs a program in a box to its end. Its product goes to `output`.
pub(crate) fn run(
    spec: &Spec,
    environment: &[(&str, OsString)],
    output: File,
) -> anyhow::Result<Said> {
    let Prepared { mut command, link } =
        sandbox::prepare(Path::new(KEEPER), spec).context("cannot ask for a box")?;
    command
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("cannot start a box")?;
    // With it goes our copy of what only the keeper holds.
    drop(command);
    let mut words = Vec::new();
    if let Some(stderr) = &mut child.stderr {
        let most = spec.limits.output;
        let read = stderr.take(most + 1).read_to_end(&mut words);
        if read.context("cannot read what is said in the box")? as u64 > most {
            link.strike(Limit::Output(most));
            words.truncate(FEEDBACK);
        }
    }
    let status = child.wait().context("cannot wait for a box")?;
    link.started().context("there is no box")?;
    let ending = link.ending();
    if status.success() && ending.limits.is_empty() {
        return Ok(Said::Good);
    }
    let mut words = String::from_utf8_lossy(&words).into_owned();
    for limit in &ending.limits {
        words.push_str(&format!("error: the box has limits: {limit}\n"));
    }
    match ending.error {
        Some(error) => bail!("{error}"),
        None => Ok(Said::Bad(words)),
    }
}

/// How much is kept of what a program prints without end, in bytes.
const FEEDBACK: usize = 64 << 10;

/// The harness's view of a box's keeper.
#[derive(Debug)]
struct KeptBy {
    link: Link,
    most_output: u64,
}

impl Keeper for KeptBy {
    fn started(&self) -> io::Result<Between> {
        let started = self.link.started()?;
        Ok(Between {
            processes: vec![started.keeper, started.init],
            program: started.program,
        })
    }

    fn end(&self) {
        self.link.end();
    }

    fn most_output(&self) -> u64 {
        self.most_output
    }

    fn end_for_output(&self) {
        self.link.strike(Limit::Output(self.most_output));
    }

    fn ending(&self) -> Ending {
        let ending = self.link.ending();
        Ending {
            limits: ending.limits.iter().map(ToString::to_string).collect(),
            error: ending.error,
        }
    }
}

/// An executable, and what it needs to read beside the system's libraries.
#[derive(Clone, Debug)]
struct Found {
    executable: PathBuf,
    readable: Vec<PathBuf>,
}

/// Finds `program` as a shell would.
fn find(program: &OsStr) -> io::Result<Found> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let executable = if program.as_encoded_bytes().contains(&b'/') {
        Some(PathBuf::from(program))
    } else {
        let mut places = std::env::split_paths(&path).map(|folder| folder.join(program));
        places.find(|place| place.is_file())
    };
    let executable = executable.ok_or(io::ErrorKind::NotFound)?;
    let name = executable.file_name().unwrap_or_default();
    if name.as_encoded_bytes().starts_with(b"python") {
        return python(&executable);
    }
    let executable = executable.canonicalize()?;
    Ok(Found {
        readable: vec![executable.clone()],
        executable,
    })
}

/// Where the interpreter really is: what PATH names may be a script of a version manager's, and its
/// library may lie in somebody's home. It is asked outside the box: it is nobody's submission.
fn python(command: &Path) -> io::Result<Found> {
    static KNOWN: LazyLock<Mutex<HashMap<PathBuf, Found>>> = LazyLock::new(Mutex::default);
    const ASK: &str = "import sys\nfor p in sys.executable, sys.base_prefix, sys.prefix: print(p)";
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(command) {
        return Ok(found.clone());
    }
    let output = Command::new(command)
        .args(["-I", "-c", ASK])
        .stdin(Stdio::null())
        .output()?;
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = answer.lines().map(PathBuf::from);
    let executable = lines.next().filter(|path| path.is_absolute());
    let found = Found {
        executable: executable.ok_or(io::ErrorKind::NotFound)?,
        readable: lines.filter(|path| path.is_absolute()).collect(),
    };
    known.insert(command.to_owned(), found.clone());
    Ok(found)
}

/// The file that an argument names, such as an interpreter's script; nothing where it is one of the
/// check's own, or none at all.
fn script(argument: &OsStr, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = Path::new(argument);
    let is_ours = folders.iter().any(|folder| path.starts_with(folder));
    if is_ours || !path.is_file() {
        return None;
    }
    path.canonicalize().ok()
}

/// The TCP ports that these arguments name, and 0, by which the kernel chooses one.
fn ports(args: &[OsString]) -> Vec<u16> {
    let named = args.iter().filter_map(|arg| {
        let text = arg.to_str()?;
        text.rsplit(':').next()?.parse::<u16>().ok()
    });
    std::iter::once(0).chain(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_found_in_addresses_and_by_themselves() {
        let args = ["127.0.0.1:8000", "[::1]:9000", "7000", "send", "70000"];
        assert_eq!(ports(&args.map(OsString::from)), [0, 8000, 9000, 7000]);
    }

    #[test]
    fn an_argument_that_is_no_file_of_the_users_stays_as_it_is() {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let manifest = here.join("Cargo.toml");
        assert_eq!(script(OsStr::new("127.0.0.1:8000"), &[]), None);
        assert_eq!(script(manifest.as_os_str(), &[here]), None);
        assert_eq!(
            script(manifest.as_os_str(), &[]),
            manifest.canonicalize().ok()
        );
    }
}
