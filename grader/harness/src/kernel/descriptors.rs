//! The open descriptors of a process, read from `/proc/PID/fd`.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::ThreadRow;

/// What a descriptor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A socket with this inode.
    Socket(u32),
    /// An anonymous pipe: its ends are within the tree or ours.
    Pipe(u64),
    /// A file, folder, `/dev/null` and the like: never waits.
    File(PathBuf),
    /// epoll, eventfd, signalfd: wait for others in the tree.
    Event(String),
    /// A process: waits for its end.
    Process,
    /// A timer, perhaps armed.
    Timer,
    /// Anything else: somebody outside could have a hand in it.
    Other(String),
}

/// The open descriptors of `pid`: its main thread's; of a main thread that has ended, another's.
pub(crate) fn descriptors(pid: i32) -> io::Result<Vec<(i32, Kind)>> {
    let folder = format!("/proc/{pid}/fd");
    let links = links(&folder)?;
    if links.is_empty() {
        let threads = super::process::threads(&[pid]);
        if let Some(thread) = threads.iter().find(|thread| !thread.is_dead()) {
            return of_thread(thread);
        }
    }
    Ok(kinds(&folder, &links))
}

/// The open descriptors of one thread: mostly those of its process, but it may have its own
/// (CLONE_FILES, `man 2 unshare`).
pub(crate) fn of_thread(thread: &ThreadRow) -> io::Result<Vec<(i32, Kind)>> {
    let folder = thread.file("fd");
    Ok(kinds(&folder, &links(&folder)?))
}

/// Whether two threads have the same descriptors open.
pub(crate) fn are_the_same(one: &ThreadRow, other: &ThreadRow) -> io::Result<bool> {
    Ok(links(&one.file("fd"))? == links(&other.file("fd"))?)
}

/// Each descriptor with what `/proc` says that it is.
fn links(folder: &str) -> io::Result<Vec<(i32, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let number = entry.file_name().to_str().and_then(|n| n.parse().ok());
        // Closed meanwhile: then the process runs, and the next look will see it.
        if let (Some(fd), Ok(link)) = (number, fs::read_link(entry.path())) {
            found.push((fd, link));
        }
    }
    found.sort();
    Ok(found)
}

fn kinds(folder: &str, links: &[(i32, PathBuf)]) -> Vec<(i32, Kind)> {
    let kind = |(fd, link): &(i32, PathBuf)| {
        let path = Path::new(folder).join(fd.to_string());
        (*fd, kind(link, &path))
    };
    links.iter().map(kind).collect()
}

/// What `link` names, which was read from `path`.
fn kind(link: &Path, path: &Path) -> Kind {
    let text = String::from_utf8_lossy(link.as_os_str().as_bytes()).into_owned();
    if let Some(inode) = numbered(&text, "socket:[") {
        return Kind::Socket(u32::try_from(inode).unwrap_or(0));
    }
    if let Some(inode) = numbered(&text, "pipe:[") {
        return Kind::Pipe(inode);
    }
    if let Some(name) = text.strip_prefix("anon_inode:") {
        let name = name.trim_matches(['[', ']']);
        return match name {
            "eventpoll" | "eventfd" | "signalfd" => Kind::Event(name.into()),
            "pidfd" => Kind::Process,
            "timerfd" => Kind::Timer,
            _ => Kind::Other(name.into()),
        };
    }
    if text.starts_with("pidfd:[") {
        return Kind::Process;
    }
    if never_waits(path) {
        return Kind::File(link.to_owned());
    }
    Kind::Other(text)
}

/// Files, folders, and `/dev/null` and its like (`man 4 null`, `man 4 random`); not terminals, not
/// FIFOs, not the kernel's log.
fn never_waits(path: &Path) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    const MEMORY_DEVICES: u32 = 1;
    const NULL_ZERO_FULL_RANDOM: [u32; 5] = [3, 5, 7, 8, 9];
    fs::metadata(path).is_ok_and(|file| {
        let kind = file.file_type();
        let device = file.rdev();
        kind.is_file()
            || kind.is_dir()
            || kind.is_block_device()
            || kind.is_char_device()
                && rustix::fs::major(device) == MEMORY_DEVICES
                && NULL_ZERO_FULL_RANDOM.contains(&rustix::fs::minor(device))
    })
}

fn numbered(text: &str, prefix: &str) -> Option<u64> {
    text.strip_prefix(prefix)?.strip_suffix(']')?.parse().ok()
}

/// A line of `fdinfo/FD` without its name, such as `Pid:` (`man 5 proc_pid_fdinfo`).
pub(crate) fn info(thread: &ThreadRow, fd: i32, name: &str) -> Option<String> {
    let info = fs::read_to_string(thread.file(&format!("fdinfo/{fd}"))).ok()?;
    let line = info.lines().find(|line| line.starts_with(name))?;
    Some(line[name.len()..].trim().to_owned())
}
