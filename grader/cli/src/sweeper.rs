//! Removes what a grader that was killed has left: its temporary folders.
//!
//! The sweeper is this executable once more, in a session of its own. It does nothing until its
//! standard input ends, which it does when the grader has, by whatever cause.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::Context as _;
use tempfile::TempDir;

use crate::launcher::KEEPER;

/// The first argument of a sweeper; the second is the grader's process id.
const ARGUMENT: &str = "--sweep-after";

/// A sweeper that waits.
#[derive(Debug)]
pub(crate) struct Sweeper {
    child: Child,
    /// Its end tells that the grader has ended.
    input: Option<ChildStdin>,
}

impl Sweeper {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let mut child = Command::new(KEEPER)
            .args([ARGUMENT, &std::process::id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start the sweeper")?;
        let input = child.stdin.take();
        Ok(Self { child, input })
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        drop(self.input.take());
        // It has nothing to tell.
        let _ = self.child.wait();
    }
}

/// Becomes a sweeper, and does not return, if this process was started as one.
pub(crate) fn run_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() == Some(OsStr::new(ARGUMENT)) {
        let grader = arguments.next().and_then(|pid| pid.to_str()?.parse().ok());
        if let Some(grader) = grader {
            sweep_after(grader);
        }
        std::process::exit(0);
    }
}

fn sweep_after(grader: u32) {
    /// A program that is just being ended may write its last file meanwhile.
    const ROUNDS: usize = 100;
    // No terminal's signal ends it before the grader. It fails where it has been done.
    let _ = rustix::process::setsid();
    let mut nothing = Vec::new();
    // An error is an end as well.
    let _ = io::stdin().read_to_end(&mut nothing);
    for _ in 0..ROUNDS {
        let left = folders_of(grader);
        if left.is_empty() {
            break;
        }
        for folder in left {
            // It is tried again.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// How the names of all of a grader's folders begin; the harness's, too.
fn prefix(grader: u32) -> String {
    format!("socklings-{grader:07}-")
}

fn folders_of(grader: u32) -> Vec<PathBuf> {
    let prefix = prefix(grader);
    let places = [std::env::temp_dir(), PathBuf::from("/var/tmp")];
    let entries = places.iter().filter_map(|place| fs::read_dir(place).ok());
    let entries = entries.flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path())
        .collect()
}

/// A folder of this grader's that is removed when it is dropped, or by the sweeper.
pub(crate) fn folder() -> anyhow::Result<TempDir> {
    let prefix = prefix(std::process::id());
    let folder = tempfile::Builder::new().prefix(&prefix).tempdir();
    let folder = folder.context("cannot make a work folder")?;
    // Where root grades, a program in a box is another user, who must come to its own file.
    let passable = Permissions::from_mode(0o711);
    fs::set_permissions(folder.path(), passable).context("cannot make a work folder")?;
    Ok(folder)
}
