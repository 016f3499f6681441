//! What the program gives up just before its exec: its identity, every capability, new privileges,
//! most of the kernel's calls, and more than its share of the machine.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use rustix::process::{Gid, Resource, Rlimit, Uid, setrlimit};
use rustix::thread::{CapabilitySet, CapabilitySets};

use crate::keeper::{is_real_root, on};
use crate::spec::{Kind, SCRATCH, Spec};
use crate::{filter, light};

/// Who the program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The user who asked for the box.
    Same,
    /// Somebody who is nobody else on this machine: root can have that.
    Another(u32),
}

/// Far above all numbers that people and services have.
const FIRST: u32 = 0x7000_0000;
const NOBODY: u32 = 65534;

impl Identity {
    /// The user that is this box's alone, if there is one.
    pub(crate) fn own_user(self) -> Option<u32> {
        match self {
            Self::Another(user) if user >= FIRST => Some(user),
            _ => None,
        }
    }

    pub(crate) fn of(spec: &Spec) -> Self {
        if !is_real_root() || spec.kind == Kind::Light && spec.same_user {
            return Self::Same;
        }
        let own = FIRST + (spec.user & 0x00ff_ffff);
        // In a container not every number is somebody.
        let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        let candidates = [own, NOBODY];
        let mapped = candidates.into_iter().find(|&uid| is_mapped(&map, uid));
        mapped.map_or(Self::Same, Self::Another)
    }
}

/// Whether `uid` is somebody, by the lines `inside outside count` of `map`.
fn is_mapped(map: &str, uid: u32) -> bool {
    map.lines().any(|line| {
        let mut numbers = line
            .split_whitespace()
            .filter_map(|n| n.parse::<u64>().ok());
        let (first, count) = (numbers.next(), numbers.nth(1));
        let range = first.zip(count).map(|(first, count)| first..first + count);
        range.is_some_and(|range| range.contains(&uid.into()))
    })
}

/// Gives up all. The order matters: each step needs what a later one gives up.
pub(crate) fn give_up_all(spec: &Spec, identity: Identity) -> io::Result<()> {
    limit(spec).map_err(on("limiting the program"))?;
    if is_real_root() || spec.kind == Kind::Full {
        empty_bounding_set();
    }
    if let Identity::Another(user) = identity {
        become_user(user).map_err(on("becoming an unprivileged user"))?;
    }
    let none = CapabilitySet::empty();
    let none = CapabilitySets {
        effective: none,
        permitted: none,
        inheritable: none,
    };
    rustix::thread::clear_ambient_capability_set()?;
    rustix::thread::set_capabilities(None, none)?;
    rustix::thread::set_no_new_privs(true)?;
    if spec.kind == Kind::Light {
        light::restrict_files_and_ports(spec).map_err(on("restricting the program by Landlock"))?;
    }
    filter::apply().map_err(on("filtering system calls"))
}

/// No program that is executed from now on has a capability, whatever its file says.
fn empty_bounding_set() {
    for capability in CapabilitySet::all().iter() {
        // One that this kernel does not know cannot be had either.
        let _ = rustix::thread::remove_capability_from_bounding_set(capability);
    }
}

fn become_user(user: u32) -> io::Result<()> {
    let (uid, gid) = (Uid::from_raw(user), Gid::from_raw(user));
    rustix::thread::set_thread_groups(&[])?;
    rustix::thread::set_thread_res_gid(gid, gid, gid)?;
    Ok(rustix::thread::set_thread_res_uid(uid, uid, uid)?)
}

fn limit(spec: &Spec) -> io::Result<()> {
    let limits = &spec.limits;
    let mut all = vec![(Resource::Core, 0), (Resource::Fsize, limits.file)];
    all.extend(limits.descriptors.map(|most| (Resource::Nofile, most)));
    // An ordinary user's processes are counted all over the machine, unless they have a user
    // namespace of their own.
    if spec.kind == Kind::Full || is_real_root() {
        all.push((Resource::Nproc, limits.processes));
    }
    for (resource, most) in all {
        set_limit(resource, most, 0)?;
    }
    // At the softer one a process gets a signal that says so (`man 2 setrlimit`).
    set_limit(Resource::Cpu, limits.cpu.as_secs().max(1), 5)
}

/// The soft limit, and how much above it the hard one is; never more than there was.
fn set_limit(resource: Resource, most: u64, grace: u64) -> io::Result<()> {
    let had = rustix::process::getrlimit(resource).maximum;
    let within = |value: u64| Some(had.map_or(value, |had| had.min(value)));
    let limit = Rlimit {
        current: within(most),
        maximum: within(most + grace),
    };
    Ok(setrlimit(resource, limit)?)
}

/// Becomes the program: gives only the reason why not.
pub(crate) fn exec(spec: &Spec) -> io::Result<Infallible> {
    let mut command = Command::new(&spec.program);
    command.args(&spec.args);
    let folder = match (&spec.folder, spec.kind) {
        (Some(folder), _) => Some(folder.as_path()),
        (None, Kind::Full) => Some(Path::new(SCRATCH)),
        (None, Kind::Light) => None,
    };
    if let Some(folder) = folder {
        std::env::set_current_dir(folder).map_err(on("entering the program's folder"))?;
    }
    if let (Some(folder), Kind::Light) = (&spec.folder, spec.kind) {
        command.env("HOME", folder).env("TMPDIR", folder);
    }
    Err(command.exec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_somebody_where_the_map_says_so() {
        let machine = "         0          0 4294967295\n";
        let container = "         0     100000      65536\n";
        assert!(is_mapped(machine, FIRST));
        assert!(!is_mapped(container, FIRST));
        assert!(is_mapped(container, NOBODY));
        assert!(!is_mapped("", NOBODY));
    }
}
