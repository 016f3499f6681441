//! Network namespaces, `man 7 network_namespaces` and `man 7 user_namespaces`.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with,
};
use rustix::process::{getgid, getuid};
use rustix::thread::{CapabilitySet, UnshareFlags, capabilities};

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

/// `ip link set lo up`: one RTM_NEWLINK message, `man 7 rtnetlink`.
fn raise_loopback() -> io::Result<()> {
    const RTM_NEWLINK: u16 = 16;
    const REQUEST_AND_ACK: u16 = 1 | 4;
    const LOOPBACK_INDEX: i32 = 1;
    const UP: u32 = 1;
    const LEN: u32 = 32;

    let netlink = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        // Protocol 0 is NETLINK_ROUTE.
        None,
    )?;
    let mut message = Vec::new();
    // struct nlmsghdr: length, type, flags, sequence number, port.
    message.extend(LEN.to_ne_bytes());
    message.extend(RTM_NEWLINK.to_ne_bytes());
    message.extend(REQUEST_AND_ACK.to_ne_bytes());
    message.extend([0; 8]);
    // struct ifinfomsg: family, padding, type, index, flags, which flags to change.
    message.extend([0; 4]);
    message.extend(LOOPBACK_INDEX.to_ne_bytes());
    message.extend(UP.to_ne_bytes());
    message.extend(UP.to_ne_bytes());
    send(&netlink, &message, SendFlags::empty())?;

    // struct nlmsgerr: a header, then 0 or a negative error number.
    let mut answer = [0; 1024];
    let (len, _) = recv(&netlink, &mut answer[..], RecvFlags::empty())?;
    match answer.get(16..20).filter(|_| len >= 20) {
        Some(code) => match i32::from_ne_bytes([code[0], code[1], code[2], code[3]]) {
            0 => Ok(()),
            error => Err(io::Error::from_raw_os_error(-error)),
        },
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}
