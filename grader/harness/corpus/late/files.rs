//! Files, locks on them, and what outlives processes: System V's semaphores and queues.
#![expect(
    clippy::disallowed_methods,
    reason = "these programs are about sleeping"
)]

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::{AsFd, AsRawFd as _};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Instant;

use rustix::fs::{FlockOperation, inotify};

use crate::raw::{self, Messages, Semaphore};
use crate::readiness::wait_for_any;
use crate::serve::LATE;

/// A file that has no name any more.
fn scratch() -> io::Result<File> {
    let path = path();
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

fn path() -> PathBuf {
    // Not in memory, if it can be helped.
    PathBuf::from("/var/tmp").join(format!("late-{}", raw::own_pid()))
}

/// A disk that takes its time.
pub(crate) fn fsync(_client: &TcpStream) -> io::Result<()> {
    let mut file = scratch()?;
    let begin = Instant::now();
    while begin.elapsed() < LATE {
        file.write_all(&[1; 1 << 12])?;
        file.sync_all()?;
    }
    Ok(())
}

/// Has a child do `hold`, sleep and end, while this process does `wait` from then on.
fn while_held(
    hold: impl FnOnce() -> io::Result<()>,
    wait: impl FnOnce() -> io::Result<()>,
) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let pid = raw::fork(|| {
        hold()?;
        rustix::io::write(writer.as_fd(), b"!")?;
        sleep(LATE);
        Ok(())
    })?;
    reader.read_exact(&mut [0])?;
    wait()?;
    raw::wait_for(pid)
}

pub(crate) fn flock(_client: &TcpStream) -> io::Result<()> {
    let path = path();
    let result = while_held(
        || {
            let file = File::create(&path)?;
            rustix::fs::flock(&file, FlockOperation::LockExclusive)?;
            // Held until the child ends.
            std::mem::forget(file);
            Ok(())
        },
        || {
            Ok(rustix::fs::flock(
                File::open(&path)?,
                FlockOperation::LockExclusive,
            )?)
        },
    );
    std::fs::remove_file(path)?;
    result
}

pub(crate) fn record_lock(_client: &TcpStream) -> io::Result<()> {
    let file = scratch()?;
    let lock = || raw::lock_record(file.as_raw_fd());
    while_held(lock, lock)
}

pub(crate) fn inotify(_client: &TcpStream) -> io::Result<()> {
    let path = path();
    File::create(&path)?;
    let watch = inotify::init(inotify::CreateFlags::CLOEXEC)?;
    inotify::add_watch(&watch, &path, inotify::WatchFlags::MODIFY)?;
    let pid = raw::fork(|| {
        sleep(LATE);
        File::options().append(true).open(&path)?.write_all(b"!")
    })?;
    wait_for_any(&watch)?;
    std::fs::remove_file(path)?;
    raw::wait_for(pid)
}

pub(crate) fn system_v_semaphore(_client: &TcpStream) -> io::Result<()> {
    let semaphore = Semaphore::new()?;
    let pid = raw::fork(|| {
        sleep(LATE);
        semaphore.add(1)
    })?;
    semaphore.add(-1)?;
    raw::wait_for(pid)
}

pub(crate) fn message_queue(_client: &TcpStream) -> io::Result<()> {
    let messages = Messages::new()?;
    let pid = raw::fork(|| {
        sleep(LATE);
        messages.send()
    })?;
    messages.receive()?;
    raw::wait_for(pid)
}
