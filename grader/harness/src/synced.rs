//! Whether a file's content has been brought to the disk, seen from outside.
//!
//! What a program writes lies in the kernel's memory first, as *dirty pages*; fsync waits until none of
//! the file's are left (`man 2 fsync`). Nobody can ask for their number. But when a file is cut to
//! nothing, its dirty pages need not be written any more, and the kernel counts that for the thread that
//! cut it: `cancelled_write_bytes` (`man 5 proc_pid_io`). So who empties a file learns whether it was
//! dirty.
//!
//! A file system without a disk (tmpfs) counts nothing, and one that journals content may count what is
//! safe. So a folder is tried first, with files of our own: only where a synced one counts 0 and
//! another more does the answer mean anything.
//!
//! It may still miss a file that was not synced: the kernel may have begun to write it by itself. It does
//! so after some seconds, and ext4 at once where a file was emptied, written again and closed (`man 5
//! ext4`, auto_da_alloc). It never takes a synced file for another.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Whether the files of `folder` show by what is counted that they were not synced.
pub(crate) fn is_seen_in(folder: &Path) -> bool {
    let tried = |sync| try_one(&folder.join(".socklings"), sync);
    matches!((tried(false), tried(true)), (Ok(1..), Ok(0)))
}

/// What is counted for a file that was just written, and synced or not.
fn try_one(path: &Path, sync: bool) -> io::Result<u64> {
    let counted = write(path, sync).and_then(|()| cancelled_by_emptying(path));
    fs::remove_file(path)?;
    counted
}

fn write(path: &Path, sync: bool) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(&[1; 10_000])?;
    if sync { file.sync_all() } else { Ok(()) }
}

/// Empties the file at `path`, and says how many bytes need not be written for that.
pub(crate) fn cancelled_by_emptying(path: &Path) -> io::Result<u64> {
    let file = File::options().write(true).open(path)?;
    let before = cancelled_so_far()?;
    file.set_len(0)?;
    Ok(cancelled_so_far()?.saturating_sub(before))
}

/// What this thread has kept from being written so far, in bytes.
fn cancelled_so_far() -> io::Result<u64> {
    let counts = fs::read_to_string("/proc/thread-self/io")?;
    let count = counts
        .lines()
        .find_map(|line| line.strip_prefix("cancelled_write_bytes: "));
    let count = count.and_then(|count| count.parse().ok());
    count.ok_or_else(|| io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Temporary;

    #[test]
    fn a_file_that_is_emptied_shows_whether_it_was_synced() {
        let folder = Temporary::on_a_disk().expect("there is room");
        if !is_seen_in(folder.path()) {
            // No folder of this machine's shows it, which `on_a_disk` says is possible.
            return;
        }
        let path = folder.path().join("file");
        for (sync, expected) in [(true, false), (false, true), (true, false)] {
            write(&path, sync).expect("there is room");
            let dirty = cancelled_by_emptying(&path).expect("it is there") > 0;
            assert_eq!(dirty, expected);
            fs::remove_file(&path).expect("it is ours");
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
