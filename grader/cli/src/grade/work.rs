//! Folders for temporary files, all in one; it goes when the grader ends. What a killed grader left
//! behind goes when the next one begins or ends: a compiler that outlives its grader may write for a
//! moment still.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, test_kill_process};
use tempfile::TempDir;

const PREFIX: &str = "socklings-class-";

/// The folder of this run.
#[derive(Debug)]
pub(crate) struct Work {
    folder: TempDir,
}

impl Work {
    pub(crate) fn new() -> std::io::Result<Self> {
        let within = std::env::temp_dir();
        sweep(&within);
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let folder = tempfile::Builder::new()
            .prefix(&prefix)
            .tempdir_in(within)?;
        Ok(Self { folder })
    }

    /// A new folder in it, which goes when it is dropped.
    pub(crate) fn folder(&self) -> std::io::Result<TempDir> {
        TempDir::new_in(self.folder.path())
    }

    /// A new folder in it, which stays as long as the run.
    pub(crate) fn lasting_folder(&self) -> std::io::Result<PathBuf> {
        Ok(self.folder()?.keep())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        sweep(&std::env::temp_dir());
    }
}

/// Removes what graders left that do not run any more.
fn sweep(within: &Path) {
    for entry in fs::read_dir(within).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX)?.split('-').next()?.parse().ok())
            .and_then(Pid::from_raw);
        let ended = pid.is_some_and(|pid| test_kill_process(pid) == Err(rustix::io::Errno::SRCH));
        if ended {
            // Somebody else's: then it is theirs to remove.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_grader_left_goes_and_what_a_running_one_uses_stays() {
        let within = tempfile::tempdir().expect("a folder");
        let mut child = std::process::Command::new("true")
            .spawn()
            .expect("it starts");
        child.wait().expect("it ends");
        let dead = within.path().join(format!("{PREFIX}{}-abc", child.id()));
        let ours = within
            .path()
            .join(format!("{PREFIX}{}-abc", std::process::id()));
        let other = within.path().join("thesis");
        for folder in [&dead, &ours, &other] {
            fs::create_dir(folder).expect("it is ours");
        }
        sweep(within.path());
        assert!(!dead.exists() && ours.exists() && other.exists());
    }
}
