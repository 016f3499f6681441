//! 401 udp-echo: send each datagram back to where it came from.
//!
//! Run the checks with `cargo test -p udp-echo`. The chapter is book/src/401-udp-echo.md.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("udp-echo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args()
        .nth(1)
        .ok_or("usage: udp-echo ADDRESS")?
        .parse()?;
    let socket = open(address)?;
    loop {
        // Trouble with one datagram is no reason to leave all the others unanswered.
        if let Err(error) = echo(&socket) {
            eprintln!("udp-echo: {error}");
        }
    }
}

/// A UDP socket that is bound to `address`.
fn open(_address: SocketAddr) -> rustix::io::Result<OwnedFd> {
    todo!(
        "socket and bind, as in 201 listen, but with SocketType::DGRAM. Nothing listens over UDP."
    )
}

/// Receives one datagram and sends it back to where it came from.
fn echo(_socket: &OwnedFd) -> rustix::io::Result<()> {
    todo!("recvfrom into a buffer that is large enough, then sendto what came, to who sent it.")
}
