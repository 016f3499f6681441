//! What a program's files take on this machine's disk: of those in its folders, and of those that it
//! has open though no folder names them any more. (In memory, too: `man 2 memfd_create`.)

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Whether all that lies in `folders`, and what `processes` hold open beside, takes more than `most`
/// bytes. What vanishes meanwhile takes nothing.
pub(crate) fn exceeds(folders: &[PathBuf], processes: &[i32], most: u64) -> bool {
    let mut sum = Sum::default();
    // It is added up no further than needed, however many files there are.
    folders.iter().any(|folder| sum.add_folder(folder, most))
        || processes.iter().any(|&pid| sum.add_open(pid, most))
}

#[derive(Default)]
struct Sum {
    bytes: u64,
    /// Those with several names or several descriptors, by device and number: they count once.
    known: HashSet<(u64, u64)>,
}

impl Sum {
    /// Adds all that is in `folder`; whether it is too much now.
    fn add_folder(&mut self, folder: &Path, most: u64) -> bool {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder);
            if entries.as_ref().err().and_then(io::Error::raw_os_error) == Some(libc::ENAMETOOLONG)
            {
                // Nobody needs folders so deep, but to hide in.
                return true;
            }
            for entry in entries.into_iter().flatten().flatten() {
                let Ok(metadata) = entry.metadata() else {
                    continue;
                };
                if metadata.is_dir() {
                    folders.push(entry.path());
                }
                self.add(&metadata);
                if self.bytes > most {
                    return true;
                }
            }
        }
        false
    }

    /// Adds the files that this process has open and no folder names; whether it is too much now.
    fn add_open(&mut self, pid: i32, most: u64) -> bool {
        let descriptors = fs::read_dir(format!("/proc/{pid}/fd"));
        for descriptor in descriptors.into_iter().flatten().flatten() {
            let Ok(metadata) = fs::metadata(descriptor.path()) else {
                continue;
            };
            if metadata.is_file() && metadata.nlink() == 0 {
                self.add(&metadata);
            }
        }
        self.bytes > most
    }

    fn add(&mut self, metadata: &Metadata) {
        /// In which `st_blocks` is counted (`man 2 stat`).
        const BLOCK: u64 = 512;
        /// For each name: a disk has room for so many, as a box's own folder has, where they are 65536.
        const NAME: u64 = 16 << 10;
        let is_folder = metadata.is_dir();
        let once = is_folder || metadata.nlink() == 1;
        if once || self.known.insert((metadata.dev(), metadata.ino())) {
            self.bytes += metadata.blocks() * BLOCK;
        }
        self.bytes += NAME;
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    const MIB: usize = 1 << 20;

    #[test]
    fn files_count_wherever_they_lie_and_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("one/two");
        fs::create_dir_all(&deep).expect("it is ours");
        let file = deep.join("file");
        fs::write(&file, vec![1; 2 * MIB]).expect("there is room");
        File::open(&file)
            .and_then(|file| file.sync_all())
            .expect("there is room");
        let folders = [folder.path().to_owned()];
        assert!(exceeds(&folders, &[], MIB as u64));
        fs::hard_link(&file, deep.join("the same")).expect("it is ours");
        assert!(!exceeds(&folders, &[], 3 * MIB as u64));
    }

    #[test]
    fn a_file_without_a_name_counts_while_it_is_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        fs::write(&path, vec![1; 2 * MIB]).expect("there is room");
        let open = File::open(&path).expect("it is there");
        open.sync_all().expect("there is room");
        fs::remove_file(&path).expect("it is ours");
        let own = i32::try_from(std::process::id()).expect("a number");
        assert!(exceeds(&[], &[own], MIB as u64));
        drop(open);
    }

    #[test]
    fn names_without_content_take_room_too() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..100 {
            fs::write(folder.path().join(number.to_string()), "").expect("it is ours");
        }
        let folders = [folder.path().to_owned()];
        assert!(exceeds(&folders, &[], 64 << 10));
    }
}
