//! Servers whose very design looks idle: who listens is not who works.
#![expect(
    clippy::disallowed_methods,
    reason = "these programs are about sleeping"
)]

use std::io::{self, Read as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::thread::sleep;

use crate::raw;
use crate::serve::{Job, LATE, When};
use crate::{sleeps, timers};

/// The child serves; the parent waits for it.
pub(crate) fn sleeping_parent(job: Job) -> io::Result<()> {
    let pid = raw::fork(|| job.serve(sleeps::sleep))?;
    raw::wait_for(pid)
}

/// The child serves; the parent has ended.
pub(crate) fn parent_that_exits(job: Job) -> io::Result<()> {
    raw::fork(|| job.serve(sleeps::sleep)).map(drop)
}

/// As daemons are made: fork, a session of its own, fork.
pub(crate) fn daemon(job: Job) -> io::Result<()> {
    let pid = raw::fork(|| {
        raw::session_of_its_own()?;
        raw::fork(|| job.serve(sleeps::sleep)).map(drop)
    })?;
    raw::wait_for(pid)
}

/// The same, with nothing left by which it could be known.
pub(crate) fn daemon_without_environment(job: Job) -> io::Result<()> {
    let mut command = Command::new("setsid");
    command.arg("--fork").arg(std::env::current_exe()?);
    command.arg("sleep").arg(job.address.to_string());
    if job.when == When::Unasked {
        command.arg("unasked");
    }
    // setsid is still to be found.
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).status().map(drop)
}

/// Three processes wait for the next client.
pub(crate) fn prefork(job: Job) -> io::Result<()> {
    let listener = job.listen()?;
    let mut children = Vec::new();
    for _ in 0..3 {
        children.push(raw::fork(|| {
            loop {
                job.converse(&listener.accept()?.0, sleeps::sleep)?;
            }
        })?);
    }
    children.into_iter().try_for_each(raw::wait_for)
}

/// A process for each client.
pub(crate) fn fork_per_client(job: Job) -> io::Result<()> {
    let listener = job.listen()?;
    loop {
        let (client, _) = listener.accept()?;
        raw::fork(|| job.converse(&client, sleeps::sleep))?;
    }
}

/// Becomes a shell, which inherits the client.
pub(crate) fn exec_itself(job: Job) -> io::Result<()> {
    let listener = job.listen()?;
    let (mut client, _) = listener.accept()?;
    let mut message = vec![0; 4096];
    let mut len = 0;
    if job.when == When::Asked {
        len = client.read(&mut message)?;
    }
    let message = String::from_utf8_lossy(&message[..len]).into_owned();
    let script = "sleep 0.3; printf %s \"${1:-late}\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh", &message]);
    Err(shell.stdout(OwnedFd::from(client)).exec())
}

/// The main thread ends; another goes on.
pub(crate) fn main_thread_exits(job: Job) -> io::Result<()> {
    std::thread::spawn(move || job.serve(timers::timerfd_epoll));
    raw::exit_thread()
}

/// A client that says nothing is accepted a second later.
pub(crate) fn defer_accept(job: Job) -> io::Result<()> {
    let listener = job.listen()?;
    raw::set_defer_accept(listener.as_raw_fd(), 1)?;
    loop {
        let (client, _) = listener.accept()?;
        job.converse(&client, |_| {
            if job.when == When::Asked {
                sleep(LATE);
            }
            Ok(())
        })?;
    }
}
