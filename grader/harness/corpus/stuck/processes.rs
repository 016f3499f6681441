//! Processes that wait for each other.

use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Stdio};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::names::{Connected, connected};
use crate::raw;

fn stuck() -> io::Result<()> {
    raw::pause();
    Ok(())
}

pub(crate) fn child(_on: Connected) -> io::Result<()> {
    raw::wait_for(raw::fork(stuck)?)
}

/// The writing end is open in a child that never writes.
pub(crate) fn child_and_pipe(_on: Connected) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    raw::fork(stuck)?;
    drop(writer);
    reader.read_exact(&mut [0])
}

pub(crate) fn child_and_pidfd(_on: Connected) -> io::Result<()> {
    let child = Pid::from_raw(raw::fork(stuck)?).ok_or(io::ErrorKind::InvalidInput)?;
    let child = pidfd_open(child, PidfdFlags::empty())?;
    poll(&mut [PollFd::new(&child, PollFlags::IN)], None)?;
    Ok(())
}

/// Nobody types anything for `cat`.
pub(crate) fn shell(_on: Connected) -> io::Result<()> {
    Command::new("sh").args(["-c", "cat; :"]).status().map(drop)
}

pub(crate) fn orphan(_on: Connected) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let pid = raw::fork(|| {
        raw::fork(|| {
            raw::session_of_its_own()?;
            stuck()
        })
        .map(drop)
    })?;
    raw::wait_for(pid)?;
    drop(writer);
    reader.read_exact(&mut [0])
}

pub(crate) fn orphan_without_environment(_on: Connected) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    Command::new("setsid")
        .args(["--fork", "cat"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::inherit())
        .stdout(writer)
        .status()?;
    reader.read_exact(&mut [0])
}

/// The client's process is stuck; two wait for others.
pub(crate) fn prefork(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let mut children = Vec::new();
    for _ in 0..3 {
        children.push(raw::fork(|| {
            let (mut client, _) = listener.accept()?;
            client.read_exact(&mut [0; 4096])
        })?);
    }
    children.into_iter().try_for_each(raw::wait_for)
}

pub(crate) fn daemon(address: SocketAddr) -> io::Result<()> {
    let pid = raw::fork(|| {
        raw::session_of_its_own()?;
        raw::fork(|| connected(address)?.client.read_exact(&mut [0])).map(drop)
    })?;
    raw::wait_for(pid)?;
    std::process::exit(0)
}
