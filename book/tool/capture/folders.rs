//! A file to be sent, and an empty folder, for as long as a capture takes.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// Where they are.
#[derive(Debug)]
pub(crate) struct Folders {
    /// Everything vanishes with it.
    _all: TempDir,
    file: PathBuf,
    folder: PathBuf,
}

impl Folders {
    /// Makes the folder, and the file if one is described: its name and its content.
    pub(crate) fn new(file: Option<&(String, String)>) -> anyhow::Result<Self> {
        let all = tempfile::tempdir()?;
        let folder = all.path().join("folder");
        fs::create_dir(&folder)?;
        let mut path = all.path().to_owned();
        if let Some((name, content)) = file {
            path.push(name);
            fs::write(&path, content)?;
        }
        Ok(Self {
            _all: all,
            file: path,
            folder,
        })
    }

    /// A word of a command, with the paths in their places.
    pub(crate) fn fill_in(&self, word: &str) -> String {
        word.replace("{file}", &self.file.to_string_lossy())
            .replace("{folder}", &self.folder.to_string_lossy())
    }
}
