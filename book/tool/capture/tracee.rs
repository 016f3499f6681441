//! A program that stops at each of its system calls, `man 2 ptrace`.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, bail, ensure};
use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use rustix::fd::OwnedFd;
use rustix::process::{PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};
use signal_hook::consts::SIGINT;
use signal_hook::flag::register_conditional_default;

/// Why programs cannot be traced here, if they cannot: some containers refuse it.
pub(crate) fn refusal() -> anyhow::Result<Option<String>> {
    match Tracee::start(&["true".to_owned()], Path::new("/")) {
        Ok(_) => Ok(None),
        Err(error) if error.downcast_ref() == Some(&Errno::EPERM) => Ok(Some(format!("{error:#}"))),
        Err(error) => Err(error),
    }
}

/// A process that is held, or has ended.
#[derive(Debug)]
pub(crate) struct Tracee {
    child: Child,
    pid: Pid,
    pidfd: OwnedFd,
}

/// A system call and its arguments, at its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SystemCall {
    pub(crate) number: i64,
    pub(crate) arguments: [u64; 6],
}

/// Where the program has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Begins(SystemCall),
    /// What it has returned: an error is less than 0.
    Returns(i64),
    Ended,
}

impl Tracee {
    /// Starts a program, and stops it before its first instruction, or a little earlier: the first exec
    /// that is seen may be the shell's own.
    pub(crate) fn start(words: &[String], folder: &Path) -> anyhow::Result<Self> {
        hear_interrupts()?;
        // A shell waits for a line and then becomes the program: time to take hold of it.
        let mut child = Command::new("sh")
            .args(["-c", "read -r go && exec \"$@\"", "sh"])
            .args(words)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start sh")?;
        let pid = Pid::from_raw(i32::try_from(child.id())?);
        let options = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_EXITKILL;
        ptrace::seize(pid, options).context("ptrace")?;
        let mut input = child.stdin.take().context("sh has no standard input")?;
        input.write_all(b"go\n")?;
        drop(input);
        loop {
            match waitpid(pid, None)? {
                WaitStatus::PtraceEvent(_, _, libc::PTRACE_EVENT_EXEC) => break,
                WaitStatus::Stopped(_, signal) => ptrace::cont(pid, signal)?,
                other => bail!("the program does not start: {other:?}"),
            }
        }
        let number = rustix::process::Pid::from_child(&child);
        Ok(Self {
            pidfd: pidfd_open(number, PidfdFlags::empty())?,
            child,
            pid,
        })
    }

    /// Lets the program run until the beginning or the end of its next system call.
    pub(crate) fn step(&mut self) -> anyhow::Result<Stop> {
        let mut signal = None;
        loop {
            ptrace::syscall(self.pid, signal)?;
            match waitpid(self.pid, None)? {
                WaitStatus::PtraceSyscall(_) => return stop(self.pid),
                WaitStatus::Stopped(_, its) => signal = Some(its),
                WaitStatus::PtraceEvent(..) => signal = None,
                WaitStatus::Exited(..) | WaitStatus::Signaled(..) => return Ok(Stop::Ended),
                other => bail!("an unknown stop: {other:?}"),
            }
        }
    }

    /// Ctrl-C: it is told when the program runs again.
    pub(crate) fn interrupt(&self) -> anyhow::Result<()> {
        Ok(kill(self.pid, Signal::SIGINT)?)
    }

    /// Bytes of its memory.
    pub(crate) fn memory(&self, address: u64, len: usize) -> anyhow::Result<Vec<u8>> {
        let mut bytes = vec![0; len];
        // Opened anew each time: who becomes another program by exec has another memory.
        let memory = File::open(format!("/proc/{}/mem", self.pid))?;
        let read = memory.read_exact_at(&mut bytes, address);
        read.with_context(|| format!("{len} bytes at {address:#x}"))?;
        Ok(bytes)
    }

    /// A copy of one of its descriptors. Drop it before the program goes on: while there is a copy, its
    /// `close` closes nothing.
    pub(crate) fn copy(&self, descriptor: i32) -> anyhow::Result<OwnedFd> {
        pidfd_getfd(&self.pidfd, descriptor, PidfdGetfdFlags::empty())
            .with_context(|| format!("descriptor {descriptor}"))
    }

    /// The process, for who wants to end it from another thread.
    pub(crate) fn process(&self) -> anyhow::Result<OwnedFd> {
        Ok(self.pidfd.try_clone()?)
    }
}

/// Has programs that are started from now on end at Ctrl-C, as those of a terminal do. Whoever started us in
/// the background may have had it ignored, and what is ignored stays so beyond exec; what is handled does
/// not (`man 2 execve`). Here it does what it does by default.
fn hear_interrupts() -> anyhow::Result<()> {
    static HEARD: OnceLock<bool> = OnceLock::new();
    let is_heard = HEARD.get_or_init(|| {
        let always = Arc::new(AtomicBool::new(true));
        register_conditional_default(SIGINT, always).is_ok()
    });
    ensure!(is_heard, "a handler for SIGINT cannot be set");
    Ok(())
}

impl Drop for Tracee {
    fn drop(&mut self) {
        // It may have ended, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(unsafe_code, reason = "a union has no safe access")]
fn stop(pid: Pid) -> anyhow::Result<Stop> {
    let info = ptrace::syscall_info(pid)?;
    match info.op {
        libc::PTRACE_SYSCALL_INFO_ENTRY => {
            // SAFETY: at the beginning of a call, `entry` is what the kernel has filled in.
            let entry = unsafe { info.u.entry };
            Ok(Stop::Begins(SystemCall {
                number: entry.nr.cast_signed(),
                arguments: entry.args,
            }))
        }
        libc::PTRACE_SYSCALL_INFO_EXIT => {
            // SAFETY: at the end of a call, `exit` is what the kernel has filled in.
            let exit = unsafe { info.u.exit };
            Ok(Stop::Returns(exit.sval))
        }
        other => bail!("a stop that is neither a call's beginning nor its end: {other}"),
    }
}
