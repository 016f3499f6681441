//! Folders for temporary files, all in one; it goes when the grader ends, by whatever cause.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::sweeper;

/// The folder of this run.
#[derive(Debug)]
pub(crate) struct Work {
    folder: TempDir,
}

impl Work {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let folder = sweeper::folder()?;
        Ok(Self { folder })
    }

    /// A new folder in it, which goes when it is dropped.
    pub(crate) fn folder(&self) -> std::io::Result<TempDir> {
        let folder = TempDir::new_in(self.folder.path())?;
        // Where root grades, a program in a box is another user, who must come to its own file.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711))?;
        Ok(folder)
    }

    /// A new folder in it, which stays as long as the run.
    pub(crate) fn lasting_folder(&self) -> std::io::Result<PathBuf> {
        Ok(self.folder()?.keep())
    }
}
