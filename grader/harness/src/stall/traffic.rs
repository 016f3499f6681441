//! The third point of the argument, second half: nothing is on its way to the program, or from it.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;

use rustix::thread::{MembarrierCommand, membarrier};

use super::Doubt;
use super::links::Unconnected;
use super::view::{Sleeper, View};
use crate::kernel::descriptors::Kind;
use crate::kernel::waits::Wait;
use crate::kernel::{Protocol, SocketRow, State, backlog};

/// Nothing is on its way, as far as can be seen.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Still {
    /// Nothing at all.
    Surely,
    /// Unless a processor is just now handing something to a socket, or waking who waits for it.
    OnceHandedOver,
}

/// How far the probes of shut windows had backed off when all had fallen asleep.
#[derive(Debug, Default)]
pub(super) struct Probes(HashMap<(SocketAddr, Option<SocketAddr>), u8>);

impl Probes {
    /// Whether the other end of this connection has no room, and knows it, and so does this end: seen
    /// at both ends, or by a probe that was answered so since all fell asleep.
    fn window_is_shut(&mut self, view: &View<'_>, row: &SocketRow) -> bool {
        let before = *self.0.entry((row.local, row.remote)).or_insert(row.backoff);
        let Some(receiver) = view.other_end(row).filter(|other| other.unread > 0) else {
            return false;
        };
        let seen = row.window == Some(0) && row.in_flight == Some(0) && receiver.is_full;
        let answered = row.backoff > before && row.unanswered == 0;
        row.unsent > 0 && row.probes && (seen || answered)
    }
}

/// Whether nothing is on its way.
pub(super) fn is_still(
    view: &View<'_>,
    unconnected: &Unconnected,
    probes: &mut Probes,
) -> Result<Still, Doubt> {
    // Before the sockets: what has left the backlog by then is in one of them, or just being put there.
    let backlog = backlog::packets();
    let mut stuck = HashSet::new();
    let mut still = Still::Surely;
    for row in view.rows.iter().filter(|row| concerns_us(view, row)) {
        if row.protocol == Protocol::Udp {
            still = Still::OnceHandedOver;
            all_delivered(backlog)?;
        }
        if probes.window_is_shut(view, row) {
            stuck.insert(row.inode);
        } else {
            is_settled(view, row)?;
        }
    }
    for sleeper in &view.sleepers {
        if may_be_waking(view, unconnected, &stuck, sleeper)? {
            still = Still::OnceHandedOver;
        }
    }
    Ok(still)
}

/// Whether a row is of the program's connections or ours, not of others on this machine.
fn concerns_us(view: &View<'_>, row: &SocketRow) -> bool {
    let of_program = |port: u16| {
        let mut own = view
            .rows
            .iter()
            .filter(|row| view.inodes.contains(&row.inode));
        own.any(|row| row.local.port() == port)
    };
    let ours = |port: u16| view.ours.keys().any(|local| local.port() == port);
    let either = |address: SocketAddr| of_program(address.port()) || ours(address.port());
    view.stage.arena.is_isolated() || either(row.local) || row.remote.is_some_and(either)
}

/// Whether all that was sent has arrived, and no handshake and no farewell is under way.
fn is_settled(view: &View<'_>, row: &SocketRow) -> Result<(), Doubt> {
    if row.state == State::Listen {
        return Ok(());
    }
    if row.state.is_passing() {
        return Err(format!("a connection is in state {}", row.state.name()));
    }
    if row.unsent > 0 && !has_arrived(view, row) {
        return Err("bytes are under way".into());
    }
    if view.inodes.contains(&row.inode) && has_lost_its_peer(view, row) {
        return Err("a reset is under way".into());
    }
    Ok(())
}

/// Waits until every processor has handed over what it had in hand: a grace period of RCU, which
/// includes whoever has softirqs disabled. That takes some milliseconds.
pub(super) fn have_all_handed_over() -> Result<(), Doubt> {
    membarrier(MembarrierCommand::Global)
        .map_err(|e| format!("whether the kernel has handed over all packets cannot be known: {e}"))
}

/// Whether every datagram that was sent is in a socket by now, or on its last step there.
fn all_delivered(backlog: Option<u32>) -> Result<(), Doubt> {
    match backlog {
        Some(0) => Ok(()),
        Some(_) => Err("packets are under way".into()),
        None => Err("whether datagrams are under way cannot be seen".into()),
    }
}

/// Whether all that we have sent is at the other end, though it is not acknowledged yet: that may take
/// a while (RFC 9293 §3.8.6.3), and nobody waits for it. A sender that waits for room does.
fn has_arrived(view: &View<'_>, row: &SocketRow) -> bool {
    let ours_and_done = view.ours.get(&row.local) == Some(&false);
    let arrived = view.other_end(row).and_then(|other| other.arrived);
    ours_and_done
        && row.held_back == 0
        && row
            .sent
            .is_some_and(|sent| arrived.is_some_and(|n| n >= sent))
}

/// Whether the other end of this connection is gone: then a reset for it is on its way.
fn has_lost_its_peer(view: &View<'_>, row: &SocketRow) -> bool {
    row.protocol == Protocol::Tcp
        && row.remote.is_some()
        && matches!(row.state, State::Established | State::CloseWait)
        && view.other_end(row).is_none()
}

/// Whether this thread could just now be woken by what has arrived. An error where it surely is, or
/// where it waits for something else than a socket, a pipe or an event.
fn may_be_waking(
    view: &View<'_>,
    unconnected: &Unconnected,
    stuck: &HashSet<u32>,
    sleeper: &Sleeper<'_>,
) -> Result<bool, Doubt> {
    let (fd, sends) = match sleeper.wait {
        Wait::ToReceive(fd) | Wait::ToAccept(fd) => (fd, false),
        Wait::ToSend(fd) => (fd, true),
        Wait::ForEvents => return Ok(something_is_readable(view, unconnected)),
        Wait::ForThread | Wait::ForChild | Wait::ForSignal => return Ok(false),
    };
    let inode = match view.kind(sleeper, fd) {
        Some(Kind::Socket(inode)) => *inode,
        Some(Kind::Pipe(_) | Kind::Event(_) | Kind::Timer) => return Ok(false),
        _ => return Err("it waits for a file or device".into()),
    };
    let goes_on_waiting = match view.row(inode) {
        Some(_) if sends => stuck.contains(&inode),
        Some(row) => row.unread == 0,
        None if unconnected.without_peer.contains(&inode) => !sends,
        None => !unconnected.closed.contains(&inode),
    };
    if goes_on_waiting {
        Ok(false)
    } else {
        Err("it is about to be woken".into())
    }
}

/// Whether one of the program's sockets would end a poll for reading. Who polls and sleeps on does not
/// poll for that, or has been told before, or is being told at this instant.
fn something_is_readable(view: &View<'_>, unconnected: &Unconnected) -> bool {
    let mut own = view
        .rows
        .iter()
        .filter(|row| view.inodes.contains(&row.inode));
    !unconnected.closed.is_empty() || own.any(|row| row.unread > 0)
}
