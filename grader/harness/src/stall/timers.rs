//! The second point of the argument: no timer is set that could end one of the calls.

use rustix::net::sockopt::{Timeout, socket_timeout, tcp_user_timeout};

use super::Doubt;
use super::view::{Sleeper, Table, View};
use crate::kernel::copy::ask_thread;
use crate::kernel::descriptors::Kind;
use crate::kernel::waits::Wait;
use crate::kernel::{Protocol, memory, timers};

/// Whether nothing will happen by itself after a while.
pub(super) fn none_is_set(view: &View<'_>) -> Result<(), Doubt> {
    for process in view.processes() {
        if timers::has_posix_timer(process.pid) {
            return Err("it has a timer".into());
        }
        if memory::has_rings(process).unwrap_or(true) {
            return Err("the kernel does input and output for it".into());
        }
    }
    for table in &view.tables {
        if timers::has_armed_timerfd(table.thread, &table.descriptors) {
            return Err("it has set a timer".into());
        }
        its_connections_have_no_limit(view, table)?;
    }
    for sleeper in &view.sleepers {
        if timers::minds_alarms(sleeper.thread) {
            return Err("it may have set an alarm".into());
        }
        its_socket_has_no_limit(view, sleeper)?;
    }
    Ok(())
}

/// SO_RCVTIMEO and SO_SNDTIMEO limit a call on the socket (`man 7 socket`).
fn its_socket_has_no_limit(view: &View<'_>, sleeper: &Sleeper<'_>) -> Result<(), Doubt> {
    let (fd, option) = match sleeper.wait {
        Wait::ToReceive(fd) | Wait::ToAccept(fd) => (fd, Timeout::Recv),
        Wait::ToSend(fd) => (fd, Timeout::Send),
        _ => return Ok(()),
    };
    if !matches!(view.kind(sleeper, fd), Some(Kind::Socket(_))) {
        return Ok(());
    }
    match ask_thread(sleeper.thread, fd, |socket| socket_timeout(socket, option)) {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err("its socket has a time limit".into()),
        Err(e) => Err(format!("its socket's time limit cannot be read: {e}")),
    }
}

/// A connection may be given up when nobody has taken its bytes for a while (TCP_USER_TIMEOUT).
fn its_connections_have_no_limit(view: &View<'_>, table: &Table<'_>) -> Result<(), Doubt> {
    for (fd, kind) in &table.descriptors {
        let Kind::Socket(inode) = kind else { continue };
        let row = view.row(*inode);
        if row.is_none_or(|row| row.protocol != Protocol::Tcp || row.unsent == 0) {
            continue;
        }
        match ask_thread(table.thread, *fd, |socket| tcp_user_timeout(socket)) {
            Ok(0) => {}
            Ok(_) => return Err("its connection has a time limit".into()),
            Err(e) => return Err(format!("its connection's time limit cannot be read: {e}")),
        }
    }
    Ok(())
}
