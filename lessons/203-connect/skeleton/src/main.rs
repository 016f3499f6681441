//! 203 connect: connect to a server, say who is connected with whom, and leave; or say why you could
//! not.
//!
//! Run the checks with `cargo test -p connect`. The chapter is book/src/203-connect.md.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use rustix::fd::OwnedFd;
use rustix::io::Errno;

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
fn connect_within(_address: SocketAddr, _timeout: Duration) -> rustix::io::Result<OwnedFd> {
    todo!(
        "socket and connect, with a ? behind each, and return the socket. That is enough for the first \
         checks. It becomes non-blocking when you come to the check timeout."
    )
}

/// Our own end, which the kernel has chosen, and the server's.
fn both_ends(_connection: &OwnedFd) -> rustix::io::Result<(SocketAddr, SocketAddr)> {
    todo!("getsockname tells your own end, getpeername the other.")
}

/// What the user is told when there is no connection: a word, and the exit status that belongs to it.
fn outcome(_error: Errno) -> (&'static str, u8) {
    todo!(
        "match on the error: Errno::CONNREFUSED is (\"refused\", 1), and so on; the chapter has the table."
    )
}
