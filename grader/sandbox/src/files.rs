//! Small work on files.

use std::io;
use std::path::Path;

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, CWD, Dir, FileType, Gid, Mode, OFlags, Uid, chownat, openat};

/// Gives a folder, and all that is in it, to `user`. Links are not followed, whoever changes the
/// folder meanwhile.
pub(crate) fn give(folder: &Path, user: u32) -> io::Result<()> {
    let fd = openat(CWD, folder, folder_flags(), Mode::empty())?;
    give_open(&fd, user)
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

fn give_open(folder: &OwnedFd, user: u32) -> io::Result<()> {
    let (uid, gid) = (Some(Uid::from_raw(user)), Some(Gid::from_raw(user)));
    chownat(folder.as_fd(), "", uid, gid, AtFlags::EMPTY_PATH)?;
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        if entry.file_type() == FileType::Directory {
            give_open(&openat(folder, name, folder_flags(), Mode::empty())?, user)?;
        } else {
            chownat(folder, name, uid, gid, AtFlags::SYMLINK_NOFOLLOW)?;
        }
    }
    Ok(())
}
