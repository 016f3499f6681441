//! The third point of the argument, first half: no descriptor of the program's leads to anybody but
//! itself and us.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::{socket_domain, socket_protocol, socket_type};
use rustix::net::{AddressFamily, SocketType, getpeername, getsockname};

use super::Doubt;
use super::view::{Table, View};
use crate::kernel::copy::ask_thread;
use crate::kernel::descriptors::{self, Kind};
use crate::kernel::{Protocol, SocketRow, State};

/// Sockets of the program's that are connected to nobody.
#[derive(Debug, Default)]
pub(super) struct Unconnected {
    /// TCP sockets that are closed or fresh, and Unix sockets whose other end is closed.
    pub(super) closed: HashSet<u32>,
    /// Unix sockets that listen, or may send to anybody.
    pub(super) without_peer: HashSet<u32>,
}

/// Whether nobody outside could have a hand in what the program waits for.
pub(super) fn lead_nowhere(view: &View<'_>) -> Result<Unconnected, Doubt> {
    let mut others = Others::default();
    for table in &view.tables {
        for (fd, kind) in &table.descriptors {
            match kind {
                Kind::Other(what) => return Err(format!("it has opened {what}")),
                Kind::Process if !watches_itself(view, table, *fd) => {
                    return Err("it watches another process".into());
                }
                Kind::Socket(inode) if view.row(*inode).is_none() => {
                    others.is_no_way_out(view, table, *fd, *inode)?;
                }
                _ => {}
            }
        }
    }
    for row in view
        .rows
        .iter()
        .filter(|row| view.inodes.contains(&row.inode))
    {
        stays_here(view, row)?;
    }
    Ok(others.found)
}

/// Whether the process that a pidfd stands for is one of the program's, or has ended (-1).
fn watches_itself(view: &View<'_>, table: &Table<'_>, fd: i32) -> bool {
    let pid = descriptors::info(table.thread, fd, "Pid:");
    let pid = pid.and_then(|pid| pid.parse::<i32>().ok());
    pid.is_some_and(|pid| pid == -1 || view.processes().any(|process| process.pid == pid))
}

/// Sockets that are in none of the kernel's tables of TCP and UDP.
#[derive(Default)]
struct Others {
    /// Each Unix socket of this network with its peer; asked for when the first is met.
    unix: Option<HashMap<u32, Option<u32>>>,
    found: Unconnected,
}

impl Others {
    /// Only a Unix socket whose peer is in the program or gone, or a socket that is not connected and not
    /// bound, leads nowhere.
    fn is_no_way_out(
        &mut self,
        view: &View<'_>,
        table: &Table<'_>,
        fd: i32,
        inode: u32,
    ) -> Result<(), Doubt> {
        let unix = match self.unix.take() {
            Some(known) => known,
            None => unix_peers(view)?,
        };
        match self.unix.insert(unix).get(&inode) {
            // The kernel knows a peer that nobody holds any more by no inode (`unix_diag.c`).
            Some(Some(0)) => {
                self.found.closed.insert(inode);
                return Ok(());
            }
            Some(Some(peer)) if !view.inodes.contains(peer) => {
                return Err("it is connected to another process".into());
            }
            Some(Some(_)) => return Ok(()),
            Some(None) => {
                self.found.without_peer.insert(inode);
                return Ok(());
            }
            None => {}
        }
        match ask_thread(table.thread, fd, idle) {
            Ok(Some(Protocol::Tcp)) => {
                self.found.closed.insert(inode);
                Ok(())
            }
            Ok(Some(Protocol::Udp)) => Ok(()),
            Ok(None) => Err("it has opened a socket of another kind".into()),
            Err(e) => Err(format!("one of its sockets cannot be asked: {e}")),
        }
    }
}

fn unix_peers(view: &View<'_>) -> Result<HashMap<u32, Option<u32>>, Doubt> {
    let diag = view.stage.diag.as_ref();
    let diag = diag.ok_or("the kernel's sockets cannot be listed")?;
    let peers = diag.unix_peers();
    let peers = peers.map_err(|e| format!("the kernel's sockets cannot be listed: {e}"))?;
    Ok(peers.into_iter().collect())
}

/// A TCP socket that is closed or fresh, or a UDP socket that is not bound; nothing else, and none in
/// another network, whose tables we do not see.
fn idle(socket: BorrowedFd<'_>) -> rustix::io::Result<Option<Protocol>> {
    let domain = socket_domain(socket)?;
    if !matches!(domain, AddressFamily::INET | AddressFamily::INET6) {
        return Ok(None);
    }
    let number = socket_protocol(socket)?.map(|protocol| protocol.as_raw().get());
    let is = |protocol: i32| number == u32::try_from(protocol).ok();
    match socket_type(socket)? {
        SocketType::STREAM if is(libc::IPPROTO_TCP) || is(libc::IPPROTO_MPTCP) => {
            let is_connected = getpeername(socket).is_ok();
            Ok((!is_connected && has_hung_up(socket)?).then_some(Protocol::Tcp))
        }
        SocketType::DGRAM if is(libc::IPPROTO_UDP) => {
            let port = SocketAddr::try_from(getsockname(socket)?).map(|name| name.port());
            Ok((port == Ok(0)).then_some(Protocol::Udp))
        }
        _ => Ok(None),
    }
}

/// What poll says of a TCP socket in the state CLOSED, and of none that connects or listens.
fn has_hung_up(socket: BorrowedFd<'_>) -> rustix::io::Result<bool> {
    let mut fds = [PollFd::from_borrowed_fd(socket, PollFlags::empty())];
    poll(&mut fds, Some(&Timespec::default()))?;
    Ok(fds[0].revents().contains(PollFlags::HUP))
}

/// Whether the other end of this socket is the program's or ours.
fn stays_here(view: &View<'_>, row: &SocketRow) -> Result<(), Doubt> {
    let Some(remote) = row.remote else {
        return Ok(());
    };
    if !remote.ip().is_loopback() {
        return Err("it is connected to another machine".into());
    }
    let is_ours = |other: &SocketRow| {
        view.inodes.contains(&other.inode) || view.ours.contains_key(&other.local)
    };
    if view.stage.arena.is_isolated() || others_end(view, row, remote).all(is_ours) {
        Ok(())
    } else {
        Err("it is connected to another process".into())
    }
}

/// Whoever holds the other end of this socket, `remote`, or will when it accepts the connection.
fn others_end<'a>(
    view: &'a View<'_>,
    row: &'a SocketRow,
    remote: SocketAddr,
) -> Box<dyn Iterator<Item = &'a SocketRow> + 'a> {
    let hears = move |other: &&SocketRow| {
        let everywhere = other.local.ip().is_unspecified();
        other.protocol == row.protocol
            && other.local.port() == remote.port()
            && (other.local.ip() == remote.ip() || everywhere)
    };
    match (row.protocol, view.other_end(row)) {
        (Protocol::Udp, _) => Box::new(view.rows.iter().filter(hears)),
        // Not accepted yet: it is in the queue of whoever listens there.
        (Protocol::Tcp, Some(end)) if end.is_queued() => {
            let listens = move |other: &&SocketRow| other.state == State::Listen && hears(other);
            Box::new(view.rows.iter().filter(listens))
        }
        // Closed by its holder: nobody is there any more.
        (Protocol::Tcp, Some(end)) if end.inode == 0 => Box::new(std::iter::empty()),
        (Protocol::Tcp, end) => Box::new(end.into_iter()),
    }
}
