//! 205 echo: send back whatever a client sends, until the client ends its sending half.
//!
//! Run the checks with `cargo test -p echo`. The chapter is book/src/205-echo.md. The verbs are in
//! `rustix::net`: socket, bind, listen, accept, recv, send.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("echo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args()
        .nth(1)
        .ok_or("usage: echo ADDRESS")?
        .parse()?;
    let listener = open(address)?;
    loop {
        let connection = next_client(&listener)?;
        echo(&connection)?;
    }
}

/// A socket that listens on `address`.
fn open(_address: SocketAddr) -> rustix::io::Result<OwnedFd> {
    todo!("make a socket of the address's family, bind it to the address, and listen, as in 201.")
}

/// The next connection out of the accept queue.
fn next_client(_listener: &OwnedFd) -> rustix::io::Result<OwnedFd> {
    todo!("accept: like acceptfrom in 202, but it returns the connection alone.")
}

/// Sends back what comes, until the client will send no more.
fn echo(_connection: &OwnedFd) -> rustix::io::Result<()> {
    todo!("recv into a buffer and send what came, all of it; again, until recv returns 0.")
}
