//! Systems without namespaces, seccomp and Landlock: there is no box. Untested.

use std::io;
use std::path::Path;
use std::process::Command;

use crate::link::Link;
use crate::spec::Spec;

/// A box that can be started: never, here.
#[derive(Debug)]
pub struct Prepared {
    /// Starts the keeper.
    pub command: Command,
    /// What the keeper tells.
    pub link: Link,
}

/// Prepares a box: an error, here.
///
/// # Errors
///
/// Always.
pub fn prepare(_keeper: &Path, _spec: &Spec) -> io::Result<Prepared> {
    Err(no_box())
}

fn no_box() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "boxes need Linux")
}

/// The keeper, which there is not.
pub mod keeper {
    /// Returns: no process is started as a keeper.
    pub fn run_if_asked() {}
}

/// What this machine can do for a box: nothing.
pub mod machine {
    use std::io;
    use std::path::Path;

    use crate::spec::Kind;

    /// An error.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn try_box(_keeper: &Path, _kind: Kind) -> io::Result<()> {
        Err(super::no_box())
    }

    /// Neither memory nor processes are limited.
    pub fn control_groups() -> (bool, bool) {
        (false, false)
    }
}
