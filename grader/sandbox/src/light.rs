//! The light box, for machines that forbid namespaces: Landlock (`man 7 landlock`) for files and TCP
//! ports, and an end for all that descends from the program.

use std::io;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath,
    PathFd, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, Uid, WaitOptions, kill_process, wait};

use crate::confine::Identity;
use crate::raw;
use crate::spec::Spec;
use crate::tree;

/// The newest version that is asked for; an older kernel does what it can.
const NEWEST: ABI = ABI::V6;

/// What every program reads.
const SYSTEM: [&str; 14] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/services",
    "/etc/protocols",
    "/etc/hosts",
    "/etc/nsswitch.conf",
];

const DEVICES: [&str; 5] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
];

/// Restricts this process, for good. An error where the kernel has no Landlock at all.
pub(crate) fn restrict_files_and_ports(spec: &Spec) -> io::Result<()> {
    restrict(spec).map_err(io::Error::other)
}

fn restrict(spec: &Spec) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?;
    if spec.ports.is_some() {
        ruleset = ruleset.handle_access(AccessNet::from_all(NEWEST))?;
    }
    let mut ruleset = ruleset.create()?;
    let read = AccessFs::from_read(NEWEST);
    let all = AccessFs::from_all(NEWEST);
    for path in SYSTEM {
        ruleset = allow(ruleset, Path::new(path), read)?;
    }
    for path in DEVICES {
        let use_it = AccessFs::ReadFile | AccessFs::WriteFile;
        ruleset = allow(ruleset, Path::new(path), use_it)?;
    }
    for path in &spec.readable {
        ruleset = allow(ruleset, path, read)?;
    }
    for placed in &spec.placed {
        ruleset = allow(ruleset, &placed.from, read)?;
    }
    for path in spec.writable.iter().chain(&spec.folder) {
        ruleset = allow(ruleset, path, all)?;
    }
    for &port in spec.ports.iter().flatten() {
        ruleset = ruleset.add_rule(NetPort::new(port, AccessNet::from_all(NEWEST)))?;
    }
    let status = ruleset.restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced {
        return Err("this kernel does not restrict files".into());
    }
    Ok(())
}

/// Allows this below `path`, if that is there.
fn allow(
    ruleset: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, Box<dyn std::error::Error + Send + Sync>> {
    let Ok(metadata) = path.metadata() else {
        return Ok(ruleset);
    };
    let access = if metadata.is_dir() {
        access
    } else {
        access & AccessFs::from_file(NEWEST)
    };
    Ok(ruleset.add_rule(PathBeneath::new(PathFd::new(path)?, access))?)
}

/// Ends all that is left of the program, which has come to this process, its subreaper.
pub(crate) fn end_rest(identity: Identity) {
    if let Some(user) = identity.own_user() {
        // All at once: nobody can start another meanwhile.
        end_all_of(user);
    }
    let own = rustix::process::getpid().as_raw_nonzero().get();
    loop {
        for pid in tree::descendants(own).into_iter().filter_map(Pid::from_raw) {
            // Gone already: just as well.
            let _ = kill_process(pid, Signal::KILL);
        }
        if let Err(Errno::CHILD) = wait(WaitOptions::empty()) {
            // Nobody is left.
            break;
        }
    }
}

/// `kill(-1)` as that user, who is nobody else on this machine.
fn end_all_of(user: u32) {
    let Ok(child) = raw::fork() else {
        // Then they are ended one by one.
        return;
    };
    if child.is_none() {
        let uid = Uid::from_raw(user);
        if rustix::thread::set_thread_res_uid(uid, uid, uid).is_ok() {
            raw::kill_all();
        }
        std::process::exit(0);
    }
}
