//! Processes that sleep while their parent waits for them without a limit.
#![expect(
    clippy::disallowed_methods,
    reason = "these programs are about sleeping"
)]

use std::io::{self, Read as _};
use std::net::TcpStream;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::raw::{self, SIGCHLD, SIGCONT, SIGSTOP, SIGUSR1};
use crate::readiness::wait_for_any;
use crate::serve::LATE;

pub(crate) fn child_sleeps(_client: &TcpStream) -> io::Result<()> {
    Command::new("sleep").arg("0.3").status().map(drop)
}

/// Each shell starts the next by vfork and waits.
pub(crate) fn shell_in_a_shell(_client: &TcpStream) -> io::Result<()> {
    let command = "sh -c 'sh -c \"sleep 0.3; :\"; :'; :";
    Command::new("sh").args(["-c", command]).status().map(drop)
}

pub(crate) fn child_writes_to_a_pipe(_client: &TcpStream) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let pid = raw::fork(|| {
        sleep(LATE);
        rustix::io::write(&writer, b"!")?;
        Ok(())
    })?;
    reader.read_exact(&mut [0])?;
    raw::wait_for(pid)
}

/// The end of input comes when the child ends.
pub(crate) fn child_closes_a_pipe(_client: &TcpStream) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let pid = raw::fork(|| {
        sleep(LATE);
        Ok(())
    })?;
    drop(writer);
    reader.read_to_end(&mut Vec::new())?;
    raw::wait_for(pid)
}

pub(crate) fn child_signals(_client: &TcpStream) -> io::Result<()> {
    raw::block(SIGUSR1)?;
    let parent = raw::own_pid();
    let pid = raw::fork(|| {
        sleep(LATE);
        raw::kill(parent, SIGUSR1)
    })?;
    raw::wait_for_signal(SIGUSR1)?;
    raw::wait_for(pid)
}

pub(crate) fn pidfd(_client: &TcpStream) -> io::Result<()> {
    let pid = raw::fork(|| {
        sleep(LATE);
        Ok(())
    })?;
    let child = Pid::from_raw(pid).ok_or(io::ErrorKind::InvalidInput)?;
    wait_for_any(&pidfd_open(child, PidfdFlags::empty())?)?;
    raw::wait_for(pid)
}

pub(crate) fn signalfd(_client: &TcpStream) -> io::Result<()> {
    raw::block(SIGCHLD)?;
    let signals = raw::signalfd(SIGCHLD)?;
    let pid = raw::fork(|| {
        sleep(LATE);
        Ok(())
    })?;
    wait_for_any(&signals)?;
    raw::wait_for(pid)
}

/// One child is stopped, another has it go on.
pub(crate) fn stopped_child(_client: &TcpStream) -> io::Result<()> {
    let stopped = raw::fork(|| raw::kill(raw::own_pid(), SIGSTOP))?;
    let helper = raw::fork(|| {
        sleep(LATE);
        raw::kill(stopped, SIGCONT)
    })?;
    raw::wait_for(stopped)?;
    raw::wait_for(helper)
}

/// The one that works has lost its parent.
pub(crate) fn orphan(_client: &TcpStream) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let pid = raw::fork(|| {
        raw::fork(|| {
            raw::session_of_its_own()?;
            sleep(LATE);
            rustix::io::write(&writer, b"!")?;
            Ok(())
        })
        .map(drop)
    })?;
    raw::wait_for(pid)?;
    reader.read_exact(&mut [0])
}

/// The same, with nothing left by which it could be known.
pub(crate) fn orphan_without_environment(_client: &TcpStream) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let shell = "setsid env -i PATH=\"$PATH\" sh -c 'sleep 0.3; echo' & :";
    Command::new("sh")
        .args(["-c", shell])
        .stdout(writer)
        .status()?;
    reader.read_exact(&mut [0])
}

/// Each starts the next and ends.
fn link(end: Instant, done: &dyn Fn() -> io::Result<()>) -> io::Result<()> {
    sleep(Duration::from_micros(100));
    if Instant::now() < end {
        raw::fork(|| link(end, done)).map(drop)
    } else {
        done()
    }
}

/// Processes of which each is alive for less than a millisecond.
pub(crate) fn chain(_client: &TcpStream) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let done = || {
        rustix::io::write(&writer, b"!")?;
        Ok(())
    };
    let pid = raw::fork(|| link(Instant::now() + LATE, &done))?;
    raw::wait_for(pid)?;
    reader.read_exact(&mut [0])
}

/// The same, in a program that adopts its orphans itself and lets them vanish.
pub(crate) fn chain_of_adopted(_client: &TcpStream) -> io::Result<()> {
    raw::adopt_and_forget()?;
    let (mut reader, writer) = io::pipe()?;
    let done = || {
        rustix::io::write(&writer, b"!")?;
        Ok(())
    };
    raw::fork(|| link(Instant::now() + LATE, &done))?;
    reader.read_exact(&mut [0])
}
