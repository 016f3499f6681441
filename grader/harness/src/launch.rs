//! How a program is started.
//!
//! The one seam through which a sandbox can come in: it turns a program into the [`Command`] that
//! starts it. Whatever stands between must forward standard streams, and the exit status.

use std::ffi::{OsStr, OsString};
use std::fmt::Debug;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::capability::{self, Capability};

/// Turns a program and its arguments into the command that starts it.
pub trait Launcher: Debug + Send + Sync {
    /// The command; the harness adds streams, and what binds the program to its own life. An error where
    /// the program cannot be started with all that it is to have.
    fn launch(&self, wanted: &Wanted<'_>) -> io::Result<Launch>;
}

/// A program, and what it is started with.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// A path, or a name in PATH.
    pub program: &'a OsStr,
    /// Its arguments.
    pub args: &'a [OsString],
    /// The folders that the check has made so far: the program may write to them.
    pub folders: &'a [PathBuf],
    /// What it is given over the check's own network, beyond what every program may.
    pub capabilities: &'a [Capability],
}

/// How one program is started.
#[derive(Debug)]
pub struct Launch {
    /// Starts it, or its keeper.
    pub command: Command,
    /// Who stands between the harness and the program, if anybody does.
    pub keeper: Option<Box<dyn Keeper>>,
}

/// Who starts the program in the harness's place, watches over it, and ends as it does.
pub trait Keeper: Debug {
    /// Waits until the program runs. An error where it cannot be started.
    fn started(&self) -> io::Result<Between>;

    /// Asks it to end the program, with all that it has started, and then itself.
    fn end(&self);

    /// How many bytes the program may print, on both streams together.
    fn most_output(&self) -> u64;

    /// The program has printed more than that: asks the keeper to end it for this reason.
    fn end_for_output(&self);

    /// What there is to say when the keeper has ended.
    fn ending(&self) -> Ending;
}

/// The processes between the harness and the program.
#[derive(Clone, Debug, Default)]
pub struct Between {
    /// They are none of the program's.
    pub processes: Vec<i32>,
    /// The program's first process, if it could be seen.
    pub program: Option<i32>,
}

/// How a keeper has ended.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    /// Which limits the program ran into, in words: `it used more than 1024 MiB of memory`.
    pub limits: Vec<String>,
    /// What went wrong, if that was not the program's doing.
    pub error: Option<String>,
}

/// Starts the program as it is.
#[derive(Clone, Copy, Debug)]
pub struct Direct;

impl Launcher for Direct {
    fn launch(&self, wanted: &Wanted<'_>) -> io::Result<Launch> {
        if !wanted.capabilities.is_empty() {
            let why = "it is started without a box";
            return Err(capability::cannot_be_given(wanted.capabilities, why));
        }
        let mut command = Command::new(wanted.program);
        command.args(wanted.args);
        Ok(Launch {
            command,
            keeper: None,
        })
    }
}

#[expect(unsafe_code, reason = "two system calls have no safe wrapper")]
pub(crate) mod raw {
    //! What a program needs before it starts, and the arena: unsafe code.

    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use rustix::process::{Resource, setrlimit};

    use crate::descriptor_limit;

    /// `unshare(2)` for namespaces.
    #[cfg(target_os = "linux")]
    pub(crate) fn unshare(flags: rustix::thread::UnshareFlags) -> rustix::io::Result<()> {
        assert!(!flags.contains(rustix::thread::UnshareFlags::FILES));
        // SAFETY: the one danger that the function names is an unshared table of file descriptors.
        unsafe { rustix::thread::unshare_unsafe(flags) }
    }

    /// Gives the program a session of its own, so that it can be ended as a whole and no terminal
    /// reaches it; and has the kernel end it should this thread end first, whatever the reason.
    pub(crate) fn bind_to_our_life(command: &mut Command) {
        let descriptors = descriptor_limit::of_programs();
        // SAFETY: the closure makes a few system calls, allocates nothing and takes no lock, as
        // `signal-safety(7)` asks of the time between fork and exec.
        unsafe {
            command.pre_exec(move || {
                rustix::process::setsid()?;
                #[cfg(target_os = "linux")]
                rustix::process::set_parent_process_death_signal(Some(
                    rustix::process::Signal::KILL,
                ))?;
                if let Some(limit) = descriptors {
                    setrlimit(Resource::Nofile, limit)?;
                }
                Ok(())
            });
        }
    }
}
