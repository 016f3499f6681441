//! Network namespaces, `man 7 network_namespaces` and `man 7 user_namespaces`.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::OnceLock;

use rustix::process::{getgid, getuid};
use rustix::thread::{CapabilitySet, UnshareFlags, capabilities};

use super::rtnetlink::{add_unreachable_route, raise_loopback};
use crate::launch::raw::unshare;

/// Why there is no user namespace, if one was needed and refused.
static REFUSED: OnceLock<String> = OnceLock::new();

pub(super) fn prepare() {
    let is_real_root =
        capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::SYS_ADMIN));
    if is_real_root {
        return;
    }
    if let Err(error) = enter_user_namespace() {
        // Only the first answer counts; a second call changes nothing.
        let _ = REFUSED.set(format!("no user namespace: {error}"));
    }
}

/// The same user and group inside as outside: a program must not take itself for root, or it would
/// try to drop groups and break.
fn enter_user_namespace() -> io::Result<()> {
    let (uid, gid) = (getuid().as_raw(), getgid().as_raw());
    unshare(UnshareFlags::NEWUSER)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"))?;
    fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"))
}

pub(super) fn enter() -> Result<PathBuf, String> {
    unshare(UnshareFlags::NEWNET).map_err(|e| match REFUSED.get() {
        Some(reason) => reason.clone(),
        None => format!("no network namespace: {e}"),
    })?;
    raise_loopback().map_err(|e| format!("the new network's loopback does not come up: {e}"))?;
    fs::read_link("/proc/thread-self/ns/net").map_err(|e| format!("/proc/thread-self/ns/net: {e}"))
}

pub(super) fn make_unreachable(host: Ipv4Addr) -> io::Result<()> {
    add_unreachable_route(host)
}
