//! fails: names-both-ends
//! also: ipv6
//! Asks for its own end twice, and never for the other.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::io::{Errno, ioctl_fionbio};
use rustix::net::sockopt::socket_error;
use rustix::net::{AddressFamily, SocketType, connect, getsockname, socket};

fn main() -> ExitCode {
    match connect_as_told() {
        Ok((local, remote)) => {
            println!("connected {local} > {remote}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let (word, status) = outcome(error);
            println!("{word}");
            ExitCode::from(status)
        }
    }
}

/// Connects to the address among the arguments; gives both ends of the connection.
fn connect_as_told() -> rustix::io::Result<(SocketAddr, SocketAddr)> {
    let (address, timeout) = arguments().ok_or(Errno::INVAL)?;
    let connection = connect_within(address, timeout)?;
    both_ends(&connection)
}

/// ADDRESS and TIMEOUT_MS, if they make sense.
fn arguments() -> Option<(SocketAddr, Duration)> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next()?.parse().ok()?;
    let milliseconds = arguments.next()?.parse().ok()?;
    Some((address, Duration::from_millis(milliseconds)))
}

/// A connection to `address`, or the reason why there is none, after `timeout` at the latest.
fn connect_within(address: SocketAddr, timeout: Duration) -> rustix::io::Result<OwnedFd> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let connection = socket(family, SocketType::STREAM, None)?;
    ioctl_fionbio(&connection, true)?;
    match connect(&connection, &address) {
        Err(Errno::INPROGRESS) => {
            let timeout = Timespec::try_from(timeout).map_err(|_| Errno::INVAL)?;
            let mut waiting = [PollFd::new(&connection, PollFlags::OUT)];
            let ready = poll(&mut waiting, Some(&timeout))?;
            if ready == 0 {
                return Err(Errno::TIMEDOUT);
            }
            socket_error(&connection)??;
        }
        at_once => at_once?,
    }
    Ok(connection)
}

/// Our own end, which the kernel has chosen, and the server's.
fn both_ends(connection: &OwnedFd) -> rustix::io::Result<(SocketAddr, SocketAddr)> {
    let local = SocketAddr::try_from(getsockname(connection)?)?;
    let remote = getsockname(connection)?;
    let remote = SocketAddr::try_from(remote)?;
    Ok((local, remote))
}

/// What the user is told when there is no connection: a word, and the exit status that belongs to it.
fn outcome(error: Errno) -> (&'static str, u8) {
    match error {
        Errno::CONNREFUSED => ("refused", 1),
        Errno::TIMEDOUT => ("timeout", 2),
        Errno::NETUNREACH | Errno::HOSTUNREACH => ("unreachable", 3),
        _ => ("error", 4),
    }
}
