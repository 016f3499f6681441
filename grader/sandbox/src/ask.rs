//! The grader's side: a command that starts a program in a box.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

use crate::link::{Link, say};
use crate::spec::{Kind, Network, SCRATCH, Spec};
use crate::{keeper, raw};

/// A box that can be started.
#[derive(Debug)]
pub struct Prepared {
    /// Starts the keeper. Its standard streams and its environment are the program's, its exit status
    /// is the program's. Drop it once it has been started.
    pub command: Command,
    /// What the keeper tells.
    pub link: Link,
}

/// Prepares a box. `keeper` is the executable that is started as its keeper: it must call
/// [`keeper::run_if_asked`] first in its main function; `/proc/self/exe` is this one.
///
/// The environment is empty but for what every program expects.
///
/// # Errors
///
/// Where no sockets can be made, where the spec is too long to be told, and where a capability is asked
/// for in a light box, or over a network that is not this thread's own.
pub fn prepare(keeper: &Path, spec: &Spec) -> io::Result<Prepared> {
    if !spec.capabilities.is_empty() {
        has_its_own_network(spec)?;
    }
    let (ours, its) = UnixStream::pair()?;
    // It must find room before anybody reads it.
    ours.set_nonblocking(true)?;
    say(&ours, spec).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::ArgumentListTooLong.into(),
        _ => error,
    })?;
    ours.set_nonblocking(false)?;
    let mut command = Command::new(keeper);
    command
        .arg(keeper::ARGUMENT)
        .arg(its.as_raw_fd().to_string());
    command.env_clear().envs(environment(spec));
    raw::inherit(&mut command, its.into());
    if !spec.capabilities.is_empty() && spec.network == Network::Callers {
        // An ordinary user has them over the network of a user namespace of their own.
        raw::hand_down_capabilities(&mut command);
    }
    Ok(Prepared {
        command,
        link: Link::new(ours),
    })
}

/// That a capability asked for would reach no further than it should.
fn has_its_own_network(spec: &Spec) -> io::Result<()> {
    if spec.kind == Kind::Light {
        let why = "the light box can give no capability: it has no network of its own";
        return Err(io::Error::new(io::ErrorKind::Unsupported, why));
    }
    // The first thread has stayed in the network in which this process was started.
    let network = |whose: &str| fs::read_link(format!("/proc/{whose}/ns/net"));
    if spec.network == Network::Callers && network("self")? == network("thread-self")? {
        let why = "no capability over the program's network can be given: it is the grader's own";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    Ok(())
}

fn environment(spec: &Spec) -> Vec<(&'static str, &'static OsStr)> {
    let mut variables = vec![
        ("PATH", OsStr::new("/usr/local/bin:/usr/bin:/bin")),
        ("LANG", OsStr::new("C.UTF-8")),
    ];
    // The light box says where its folder is when it has one.
    if spec.kind == Kind::Full {
        variables.push(("HOME", OsStr::new(SCRATCH)));
    }
    variables
}
