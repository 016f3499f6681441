//! The init: process 1 of a full box, and the program's parent. It takes over whatever loses its
//! parent, waits for it, and ends when the program does; the kernel then ends all others in the box.
//!
//! The program is never process 1 itself: signals without a handler would not reach it.

use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::exit;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{DumpableBehavior, Pid, Signal, WaitOptions, wait};
use rustix::thread::UnshareFlags;

use crate::confine::{self, Identity};
use crate::keeper::{leave_streams, on};
use crate::link::{Lines, Started, Word, say};
use crate::spec::{Kind, SCRATCH, Spec};
use crate::{raw, root};

/// Builds the box, runs the program in it, and tells the keeper how it ended. `not_ours` is closed.
pub(crate) fn run<T>(spec: &Spec, identity: Identity, mut keeper: Lines, not_ours: T) -> ! {
    drop(not_ours);
    let word = match serve(spec, identity, &mut keeper) {
        Ok(status) => Word::Ended(status),
        Err(error) => Word::Failed(error.to_string()),
    };
    // The keeper is gone: then there is nobody to tell.
    let _ = say(&keeper.socket, &word);
    exit(0)
}

fn serve(spec: &Spec, identity: Identity, keeper: &mut Lines) -> io::Result<i32> {
    die_with(&keeper.socket)?;
    let () = keeper.next()?.ok_or(io::ErrorKind::UnexpectedEof)?;
    match spec.kind {
        Kind::Full => {
            let own = UnshareFlags::NEWNS
                | UnshareFlags::NEWIPC
                | UnshareFlags::NEWUTS
                | UnshareFlags::NEWCGROUP;
            raw::unshare(own).map_err(on("making namespaces"))?;
            root::build(spec).map_err(on("building the box's file system"))?;
            rustix::system::sethostname(b"box")?;
            if identity == Identity::Same {
                // Nobody inside makes a further user namespace (`man 7 namespaces`). In the caller's
                // nobody else could either; there the filter alone forbids it.
                fs::write("/proc/sys/user/max_user_namespaces", "0")?;
            }
        }
        Kind::Light => {
            // A daemon stays within reach.
            rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
        }
    }
    // No program of the same user can look into this process.
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let program = start(spec, identity)?;
    say(&keeper.socket, &Word::Started(Started::default()))?;
    let product = match &spec.product {
        Some(path) => {
            let folder = spec.folder.as_deref().unwrap_or(Path::new(SCRATCH));
            Some((
                folder.join(path),
                io::stdout().as_fd().try_clone_to_owned()?,
            ))
        }
        None => None,
    };
    leave_streams()?;
    let status = wait_for(program)?;
    if let Some((path, output)) = product.filter(|_| status == 0) {
        hand_over(&path, output).map_err(on("handing over what the program has made"))?;
    }
    Ok(status)
}

/// Ends this process when the keeper does.
fn die_with(keeper: &UnixStream) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have ended before that.
    let mut fds = [PollFd::from_borrowed_fd(keeper.as_fd(), PollFlags::empty())];
    poll(&mut fds, Some(&Timespec::default()))?;
    if fds[0].revents().contains(PollFlags::HUP) {
        return Err(io::ErrorKind::BrokenPipe.into());
    }
    Ok(())
}

/// Starts the program and waits for its exec: until then it is not the program.
fn start(spec: &Spec, identity: Identity) -> io::Result<Pid> {
    let (reader, writer) = pipe_with(PipeFlags::CLOEXEC)?;
    let Some(program) = raw::fork()? else {
        drop(reader);
        // It returns only where it fails.
        let Err(error) = become_program(spec, identity);
        let _ = File::from(writer).write_all(error.to_string().as_bytes());
        exit(1)
    };
    drop(writer);
    let mut error = String::new();
    File::from(reader).read_to_string(&mut error)?;
    if error.is_empty() {
        Ok(program)
    } else {
        Err(io::Error::other(error))
    }
}

fn become_program(spec: &Spec, identity: Identity) -> io::Result<Infallible> {
    rustix::process::setsid()?;
    if spec.product.is_some() {
        let null = fs::OpenOptions::new().write(true).open("/dev/null")?;
        rustix::stdio::dup2_stdout(&null)?;
    }
    confine::give_up_all(spec, identity)?;
    confine::exec(spec)
}

/// Waits for all that end, until the program has.
fn wait_for(program: Pid) -> io::Result<i32> {
    loop {
        match wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) if pid == program => return Ok(status.as_raw()),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Writes a file that the program has made to `output`.
fn hand_over(path: &Path, output: OwnedFd) -> io::Result<()> {
    // Whatever the program has put there: no link is followed, and no FIFO waited for.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    io::copy(&mut file, &mut File::from(output))?;
    Ok(())
}
