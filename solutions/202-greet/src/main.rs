//! 202 greet: tells each client its own address, and closes the connection.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SendFlags, SocketType, acceptfrom, bind, listen, send, socket};

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("greet: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args()
        .nth(1)
        .ok_or("usage: greet ADDRESS")?
        .parse()?;
    let listener = open(address)?;
    loop {
        let (connection, caller) = next_client(&listener)?;
        // A client that vanishes ends its own connection, not the server.
        if let Err(error) = greet(&connection, caller) {
            eprintln!("greet: {caller}: {error}");
        }
        // The connection goes out of scope here, and that closes it.
    }
}

/// A socket that listens on `address`.
fn open(address: SocketAddr) -> rustix::io::Result<OwnedFd> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 128)?;
    Ok(listener)
}

/// The next connection out of the accept queue, and the address of who has called.
fn next_client(listener: &OwnedFd) -> rustix::io::Result<(OwnedFd, SocketAddr)> {
    let (connection, caller) = acceptfrom(listener)?;
    // A TCP connection always has somebody at its other end.
    let caller = caller.ok_or(Errno::NOTCONN)?;
    Ok((connection, caller.try_into()?))
}

/// One line for the caller. A connection that has sent nothing yet has room for all of it.
fn greet(connection: &OwnedFd, caller: SocketAddr) -> rustix::io::Result<()> {
    let greeting = format!("hello {caller}\r\n");
    send(connection, greeting.as_bytes(), SendFlags::NOSIGNAL)?;
    Ok(())
}
