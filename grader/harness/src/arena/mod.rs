//! Where a program and its peers meet.
//!
//! - **Isolated** (Linux): a network namespace of its own with only `lo` up. No port can collide,
//!   nothing outside can be reached.
//! - **Host**: the machine's own loopback, where namespaces are not allowed.
//!
//! A process that is no real root enters a user namespace first, once, while it has one thread
//! ([`prepare`]); then each worker thread unshares a network namespace ([`enter`]) and starts
//! programs from there, so that its plain connects reach them.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
use other as linux;
#[cfg(target_os = "linux")]
mod rtnetlink;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;

use crate::closing::closing;
use crate::failure::GraderError;
use crate::kernel::Protocol;
use crate::random::Random;

/// Which arena this thread is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arena {
    /// The machine's own loopback, and why.
    Host(String),
    /// A network namespace of its own, as `/proc/self/ns/net` names it.
    Isolated(PathBuf),
}

impl Arena {
    /// Whether programs here have a network of their own.
    pub fn is_isolated(&self) -> bool {
        matches!(self, Self::Isolated(_))
    }
}

/// Makes isolated arenas possible for an ordinary user. Call it first in `main`: a process with
/// several threads cannot enter a user namespace (`man 2 unshare`). Where it fails, [`enter`] says why
/// and gives the host arena.
pub fn prepare() {
    linux::prepare();
}

/// Gives this thread a network of its own, for good; the host's where that is not allowed.
pub fn enter() -> Arena {
    match linux::enter() {
        Ok(network) => Arena::Isolated(network),
        Err(reason) => Arena::Host(reason),
    }
}

/// Has the kernel say EHOSTUNREACH to whoever in this arena, an isolated one, connects to `host`.
pub(crate) fn make_unreachable(host: Ipv4Addr) -> io::Result<()> {
    linux::make_unreachable(host)
}

/// 127.0.0.1: where programs serve, and from where the kernel sends to this machine by itself.
pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// `::1`.
pub(crate) const IPV6_LOOPBACK: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Another address of this machine's loopback, where there is one: on Linux all of 127.0.0.0/8 is
/// (`ip route show table local`), elsewhere only 127.0.0.1.
pub(crate) fn another_loopback() -> IpAddr {
    if cfg!(target_os = "linux") {
        Ipv4Addr::new(127, 0, 0, 2).into()
    } else {
        LOOPBACK
    }
}

/// An address of `ip` that nobody uses, for TCP as well as UDP.
///
/// The port lies below the range from which the kernel serves connecting sockets. Somebody else on
/// the host may still take it before the program does: who starts a server must be ready to try
/// another.
pub(crate) fn free_address(ip: IpAddr, random: &mut Random) -> Result<SocketAddr, GraderError> {
    const TRIES: usize = 100;
    // A copy of the socket that tries a port would hold it, and even listen on it.
    let _no_copies = closing();
    for _ in 0..TRIES {
        let address = SocketAddr::new(ip, random.port());
        match (TcpListener::bind(address), UdpSocket::bind(address)) {
            (Ok(_), Ok(_)) => return Ok(address),
            (Err(e), _) | (_, Err(e)) if e.kind() == io::ErrorKind::AddrInUse => {}
            (Err(e), _) | (_, Err(e)) => {
                return Err(GraderError::system("looking for a free port")(e));
            }
        }
    }
    Err(GraderError::PortsTaken { tries: TRIES })
}

/// Whether nobody uses `address`, for TCP as well as UDP.
pub(crate) fn is_free(address: SocketAddr) -> bool {
    is_free_for(Protocol::Tcp, address) && is_free_for(Protocol::Udp, address)
}

/// Whether nobody uses `address` for this protocol.
pub(crate) fn is_free_for(protocol: Protocol, address: SocketAddr) -> bool {
    let _no_copies = closing();
    match protocol {
        Protocol::Tcp => TcpListener::bind(address).is_ok(),
        Protocol::Udp => UdpSocket::bind(address).is_ok(),
    }
}

/// Whether this machine has IPv6 on its loopback.
pub fn has_ipv6() -> bool {
    UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}
