//! How a program is started.
//!
//! The one seam through which a sandbox can come in: it turns a program into the [`Command`] that
//! starts it. Whatever stands between must forward standard streams, and the exit status.

use std::ffi::{OsStr, OsString};
use std::fmt::Debug;
use std::process::Command;

/// Turns a program and its arguments into the command that starts it.
pub trait Launcher: Debug + Send + Sync {
    /// The command; the harness adds streams, and what binds the program to its own life.
    fn command(&self, program: &OsStr, args: &[OsString]) -> Command;
}

/// Starts the program as it is.
#[derive(Clone, Copy, Debug)]
pub struct Direct;

impl Launcher for Direct {
    fn command(&self, program: &OsStr, args: &[OsString]) -> Command {
        let mut command = Command::new(program);
        command.args(args);
        command
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
