//! What the program gives up just before its exec: its identity, every capability, new privileges,
//! most of the kernel's calls, and more than its share of the machine.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use rustix::process::{Gid, Resource, Rlimit, Uid, getuid, setrlimit};
use rustix::thread::{CapabilitySet, CapabilitySets};

use crate::keeper::{is_real_root, on};
use crate::spec::{Capability, Kind, Network, SCRATCH, Spec};
use crate::{filter, light};

/// Who the program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The user who asked for the box; in a full box in a user namespace of its own.
    Same,
    /// The same, in the user namespace of whoever asked for the box: the one that the network belongs
    /// to. A capability is one over a network only there (`man 7 user_namespaces`).
    Callers,
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
        let same = if spec.capabilities.is_empty() || spec.network == Network::Nothing {
            Self::Same
        } else {
            Self::Callers
        };
        if !is_real_root() || spec.kind == Kind::Light && spec.same_user {
            return same;
        }
        let own = FIRST + (spec.user & 0x00ff_ffff);
        // In a container not every number is somebody.
        let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        let who = getuid().as_raw();
        let mut others = [own, NOBODY].into_iter().filter(|&uid| uid != who);
        let mapped = others.find(|&uid| is_mapped(&map, uid));
        mapped.map_or(same, Self::Another)
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
    limit(spec, identity).map_err(on("limiting the program"))?;
    let kept = kept(spec);
    if is_real_root() || spec.kind == Kind::Full {
        reduce_bounding_set(kept);
    }
    // Else they would go with the user's number.
    rustix::thread::set_keep_capabilities(true)?;
    if let Identity::Another(user) = identity {
        become_user(user).map_err(on("becoming an unprivileged user"))?;
    }
    keep(kept).map_err(on("giving up capabilities"))?;
    rustix::thread::set_no_new_privs(true)?;
    if spec.kind == Kind::Light {
        light::restrict_files_and_ports(spec).map_err(on("restricting the program by Landlock"))?;
    }
    filter::apply(&spec.capabilities).map_err(on("filtering system calls"))
}

/// The capabilities that the program was given. Where root grades, they are ones in the machine's own
/// user namespace: that the program can enter no other network (`setns`) keeps them to its own.
fn kept(spec: &Spec) -> CapabilitySet {
    let each = spec.capabilities.iter().map(|capability| match capability {
        Capability::NetRaw => CapabilitySet::NET_RAW,
        Capability::NetAdmin => CapabilitySet::NET_ADMIN,
    });
    each.collect()
}

/// Keeps these capabilities beyond exec, and no other.
fn keep(kept: CapabilitySet) -> io::Result<()> {
    let sets = CapabilitySets {
        effective: kept,
        permitted: kept,
        inheritable: kept,
    };
    rustix::thread::clear_ambient_capability_set()?;
    rustix::thread::set_capabilities(None, sets)?;
    for (_, capability) in kept.iter_names() {
        rustix::thread::configure_capability_in_ambient_set(capability, true)?;
    }
    Ok(())
}

/// No program that is executed from now on has another capability, whatever its file says.
fn reduce_bounding_set(kept: CapabilitySet) {
    for capability in CapabilitySet::all().difference(kept).iter() {
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

fn limit(spec: &Spec, identity: Identity) -> io::Result<()> {
    let limits = &spec.limits;
    let mut all = vec![(Resource::Core, 0), (Resource::Fsize, limits.file)];
    all.extend(limits.descriptors.map(|most| (Resource::Nofile, most)));
    // An ordinary user's processes are counted all over the machine, unless they have a user
    // namespace of their own; then the keeper counts.
    let is_alone = match identity {
        Identity::Same => spec.kind == Kind::Full || is_real_root(),
        Identity::Callers => false,
        Identity::Another(_) => true,
    };
    if is_alone {
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
