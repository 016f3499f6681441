//! Folders of a check's own, for programs that read and write files. They are private, in the system's
//! folder for temporary files, and gone when the check is over, however it ends.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use crate::clock;
use crate::failure::{GraderError, Verdict};
use crate::large::Large;
use crate::stage::Stage;
use crate::synced;

/// Those that are there now, for whoever has to leave in a hurry.
static THERE: LazyLock<Mutex<BTreeSet<PathBuf>>> = LazyLock::new(Mutex::default);

fn there() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    THERE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder that is removed, with all that is in it, when this is dropped.
#[derive(Debug)]
pub(crate) struct Temporary {
    path: PathBuf,
}

impl Temporary {
    pub(crate) fn new() -> io::Result<Self> {
        Self::within(&std::env::temp_dir())
    }

    /// One that shows whether files were synced. Where there is none, an ordinary one: the system's
    /// folder for temporary files may lie in memory, /var/tmp lies on a disk (`man 7 file-hierarchy`).
    pub(crate) fn on_a_disk() -> io::Result<Self> {
        let places = [std::env::temp_dir(), "/var/tmp".into()];
        let mut folders = places.iter().filter_map(|place| Self::within(place).ok());
        match folders.find(|folder| synced::is_seen_in(folder.path())) {
            Some(folder) => Ok(folder),
            None => Self::new(),
        }
    }

    fn within(within: &Path) -> io::Result<Self> {
        const TRIES: usize = 100;
        let ours = std::process::id();
        for _ in 0..TRIES {
            // As long each time: a program may send its path, and a report tell how long that was.
            let path = within.join(format!("socklings-{ours:07}-{:04x}", fastrand::u16(..)));
            let mut known = there();
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {
                    known.insert(path.clone());
                    return Ok(Self { path });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl Temporary {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let mut known = there();
        remove(&self.path);
        known.remove(&self.path);
    }
}

/// Removes all folders of this process: it is about to end without dropping anything.
pub(crate) fn remove_all() {
    for path in there().iter() {
        remove(path);
    }
}

fn remove(path: &Path) {
    /// A program that was ended a moment ago may be writing its last file.
    const TRIES: usize = 10;
    for _ in 0..TRIES {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Ok(()) => return,
            Err(_) => open_up(path),
        }
    }
    // What is left is small, and the system empties that folder from time to time.
}

/// Takes back what a program may have forbidden its owner.
fn open_up(path: &Path) {
    // What cannot be opened up stays as it is, and stays.
    let _ = fs::set_permissions(path, Permissions::from_mode(0o700));
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

/// A folder for a check's files. It is removed when the check is over.
#[derive(Clone)]
pub struct Folder {
    stage: Rc<Stage>,
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new(stage: &Rc<Stage>, path: &Path) -> Self {
        Self {
            stage: Rc::clone(stage),
            path: path.to_owned(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its path, as an argument for a program.
    pub fn argument(&self) -> Verdict<String> {
        as_argument(self.path.clone())
    }

    /// The path of `name` in it, as an argument for a program.
    pub fn at(&self, name: &str) -> Verdict<String> {
        as_argument(self.path.join(name))
    }

    /// A new folder in it.
    pub fn folder(&self, name: &str) -> Verdict<Self> {
        let path = self.path.join(name);
        fs::create_dir(&path).map_err(GraderError::system("making a folder"))?;
        Ok(Self::new(&self.stage, &path))
    }

    /// A new file in it.
    pub fn write(&self, name: &str, content: &[u8]) -> Verdict {
        let path = self.path.join(name);
        Ok(fs::write(path, content).map_err(GraderError::system("writing a file"))?)
    }

    /// A new file in it with large content; its path as an argument for a program.
    pub fn write_large(&self, name: &str, content: &mut Large) -> Verdict<String> {
        let path = self.path.join(name);
        content
            .write(&path)
            .map_err(GraderError::system("writing a file"))?;
        self.at(name)
    }

    /// A new symbolic link in it, to `target` as it stands.
    pub fn link(&self, name: &str, target: &str) -> Verdict {
        let path = self.path.join(name);
        Ok(std::os::unix::fs::symlink(target, path).map_err(GraderError::system("linking"))?)
    }

    /// What that name stands for: what a program has made of it is for the check to judge.
    pub fn entry(&self, name: &str) -> Entry {
        entry(&self.path.join(name)).unwrap_or(Entry::None)
    }

    /// Whether the file of that name holds exactly this.
    pub fn holds_large(&self, name: &str, content: &mut Large) -> bool {
        content.is_in(&self.path.join(name)).unwrap_or(false)
    }

    /// Whether all that was written to the file of that name is on the disk; `None` where that cannot
    /// be seen. The file is empty afterwards. See [`Run::folder_on_a_disk`](crate::Run::folder_on_a_disk).
    pub fn is_synced(&self, name: &str) -> Option<bool> {
        if !synced::is_seen_in(&self.path) {
            return None;
        }
        // A file that is not ours to empty does not tell.
        let cancelled = synced::cancelled_by_emptying(&self.path.join(name)).ok()?;
        Some(cancelled == 0)
    }

    /// All that is in it, and in the folders in it, by path from here, in order.
    pub fn names(&self) -> Verdict<Vec<String>> {
        let mut names = Vec::new();
        list(&self.path, "", &mut names).map_err(GraderError::system("reading a folder"))?;
        names.sort();
        Ok(names)
    }

    /// Waits until exactly `expected`, in order, is in it, or nothing more can happen; gives what is in
    /// it then.
    pub fn names_when_settled(&self, expected: &[&str]) -> Verdict<Vec<String>> {
        // Not an expectation: what is there in the end is the answer, and whether it can be read.
        let _ = self.stage.wait_closely(clock::STEP, || {
            self.names()
                .is_ok_and(|names| names == expected)
                .then_some(())
        });
        self.names()
    }
}

fn as_argument(path: PathBuf) -> Verdict<String> {
    let text = path.into_os_string().into_string();
    Ok(text.map_err(|_| GraderError::System {
        doing: "naming a folder: the path of the system's temporary files is not UTF-8",
        source: io::ErrorKind::InvalidInput.into(),
    })?)
}

/// What a name in a folder stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file that holds this.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link(PathBuf),
    /// Nothing, or nothing that can be read.
    None,
}

fn entry(path: &Path) -> io::Result<Entry> {
    let kind = path.symlink_metadata()?.file_type();
    if kind.is_symlink() {
        return Ok(Entry::Link(fs::read_link(path)?));
    }
    if kind.is_dir() {
        return Ok(Entry::Folder);
    }
    Ok(Entry::File(fs::read(path)?))
}

fn list(folder: &Path, before: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        }
        names.push(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_goes_with_all_that_is_in_it() {
        let temporary = Temporary::new().expect("there is room");
        let path = temporary.path.clone();
        let inner = path.join("one/two");
        fs::create_dir_all(&inner).expect("it is ours");
        fs::write(inner.join("file"), "content").expect("it is ours");
        // Its owner may do nothing there, unless the owner is root.
        fs::set_permissions(&inner, Permissions::from_mode(0o000)).expect("it is ours");
        std::os::unix::fs::symlink("/nowhere", path.join("link")).expect("it is ours");
        drop(temporary);
        assert!(!path.exists());
    }

    #[test]
    fn nobody_else_may_look_into_it() {
        let temporary = Temporary::new().expect("there is room");
        let mode = fs::metadata(&temporary.path).expect("it is there");
        assert_eq!(mode.permissions().mode() & 0o077, 0);
    }

    #[test]
    fn who_leaves_in_a_hurry_leaves_nothing_behind() {
        let temporary = Temporary::new().expect("there is room");
        assert!(there().contains(&temporary.path));
        remove(&temporary.path);
        assert!(!temporary.path.exists());
        // And once more, when it is dropped.
    }
}
