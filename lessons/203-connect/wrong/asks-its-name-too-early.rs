//! fails: names-both-ends
//! also: ipv6
//! Asks for its own address before connect, when the kernel has not chosen any yet.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::io::{Errno, ioctl_fionbio};
use rustix::net::sockopt::socket_error;
use rustix::net::{AddressFamily, SocketType, connect, getpeername, getsockname, socket};

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

fn outcome(error: Errno) -> (&'static str, u8) {
    match error {
        Errno::CONNREFUSED => ("refused", 1),
        Errno::TIMEDOUT => ("timeout", 2),
        Errno::NETUNREACH | Errno::HOSTUNREACH => ("unreachable", 3),
        _ => ("error", 4),
    }
}

fn connect_as_told() -> rustix::io::Result<(SocketAddr, SocketAddr)> {
    let (address, timeout) = arguments().ok_or(Errno::INVAL)?;
    let (connection, local) = connect_within(address, timeout)?;
    let remote = getpeername(&connection)?.ok_or(Errno::NOTCONN)?;
    Ok((local, SocketAddr::try_from(remote)?))
}

fn arguments() -> Option<(SocketAddr, Duration)> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next()?.parse().ok()?;
    let milliseconds = arguments.next()?.parse().ok()?;
    Some((address, Duration::from_millis(milliseconds)))
}

fn connect_within(
    address: SocketAddr,
    timeout: Duration,
) -> rustix::io::Result<(OwnedFd, SocketAddr)> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let connection = socket(family, SocketType::STREAM, None)?;
    ioctl_fionbio(&connection, true)?;
    let local = SocketAddr::try_from(getsockname(&connection)?)?;
    match connect(&connection, &address) {
        Err(Errno::INPROGRESS) => wait_for_the_answer(&connection, timeout)?,
        at_once => at_once?,
    }
    Ok((connection, local))
}

fn wait_for_the_answer(connection: &OwnedFd, timeout: Duration) -> rustix::io::Result<()> {
    let timeout = Timespec::try_from(timeout).map_err(|_| Errno::INVAL)?;
    let mut waiting = [PollFd::new(connection, PollFlags::OUT)];
    let ready = poll(&mut waiting, Some(&timeout))?;
    if ready == 0 {
        return Err(Errno::TIMEDOUT);
    }
    socket_error(connection)??;
    Ok(())
}
