//! 202 greet: tell each client its own address, and close the connection.
//!
//! Run the checks with `cargo test -p greet`. The chapter is book/src/202-greet.md.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;

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
        greet(&connection, caller)?;
        // The connection goes out of scope here, and that closes it.
    }
}

/// A socket that listens on `address`.
fn open(_address: SocketAddr) -> rustix::io::Result<OwnedFd> {
    todo!("socket, bind, listen: as you did in 201 listen.")
}

/// The next connection out of the accept queue, and the address of who has called.
fn next_client(_listener: &OwnedFd) -> rustix::io::Result<(OwnedFd, SocketAddr)> {
    todo!(
        "acceptfrom: it gives the connection and, as an Option<SocketAddrAny>, who is at its other \
         end. ok_or and SocketAddr::try_from make a SocketAddr of that."
    )
}

/// One line for the caller.
fn greet(_connection: &OwnedFd, _caller: SocketAddr) -> rustix::io::Result<()> {
    todo!("send the line, hello IP:PORT with \\r\\n at its end, as bytes.")
}
