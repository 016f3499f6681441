//! What this machine can do for a box, found out by trying.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;

use crate::limits::Limits;
use crate::spec::{Kind, Spec};
use crate::{cgroup, prepare};

/// Whether a box of this kind can be built, by building one: why not.
///
/// # Errors
///
/// What the keeper says.
pub fn try_box(keeper: &Path, kind: Kind) -> io::Result<()> {
    let mut spec = Spec::new("/bin/true", &[] as &[OsString], Limits::program());
    spec.kind = kind;
    let mut prepared = prepare(keeper, &spec)?;
    let mut child = prepared
        .command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    drop(prepared.command);
    let started = prepared.link.started();
    let status = child.wait()?;
    started?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(
            "a program in it does not do what it does outside",
        ))
    }
}

/// Whether the kernel itself limits memory, and the number of processes, of a whole box.
pub fn control_groups() -> (bool, bool) {
    cgroup::can_limit()
}
