//! Starts a lesson's programs, each in a box of its own.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use harness::capability::{Capability, cannot_be_given};
use harness::launch::{Between, Ending, Keeper, Launch, Launcher, Wanted};
use sandbox::{Kind, Limit, Limits, Link, Prepared, Spec};

/// The executable that keeps boxes: this one.
pub(crate) const KEEPER: &str = "/proc/self/exe";

/// Starts each program in a box of its own.
#[derive(Debug)]
pub(crate) struct Boxed(pub(crate) Kind);

impl Launcher for Boxed {
    fn launch(&self, wanted: &Wanted<'_>) -> io::Result<Launch> {
        if self.0 == Kind::Light && !wanted.capabilities.is_empty() {
            return Err(cannot_be_given(
                wanted.capabilities,
                "this is the light one",
            ));
        }
        let (args, folders) = (wanted.args, wanted.folders);
        let found = find(wanted.program)?;
        let mut spec = Spec::new(found.executable, args, Limits::program());
        spec.kind = self.0;
        spec.readable = found.readable;
        spec.writable = folders.to_vec();
        spec.capabilities = wanted
            .capabilities
            .iter()
            .copied()
            .map(for_the_box)
            .collect();
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

fn for_the_box(capability: Capability) -> sandbox::Capability {
    match capability {
        Capability::NetRaw => sandbox::Capability::NetRaw,
        Capability::NetAdmin => sandbox::Capability::NetAdmin,
    }
}

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
