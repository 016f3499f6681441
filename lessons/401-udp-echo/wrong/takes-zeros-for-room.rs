//! fails: boundaries-are-kept
//! Looks for the end of the message in the buffer, where the zeros begin.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, bind, recvfrom, sendto, socket,
};

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
fn open(address: SocketAddr) -> rustix::io::Result<OwnedFd> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let socket = socket(family, SocketType::DGRAM, None)?;
    bind(&socket, &address)?;
    Ok(socket)
}

/// Receives one datagram and sends it back to where it came from.
fn echo(socket: &OwnedFd) -> rustix::io::Result<()> {
    let mut buffer = vec![0; 65_535];
    let (_, _, sender) = recvfrom(socket, &mut buffer[..], RecvFlags::empty())?;
    let sender = sender.ok_or(Errno::NOTCONN)?;
    let end = buffer.iter().rposition(|&byte| byte != 0);
    let message = &buffer[..end.map_or(0, |end| end + 1)];
    sendto(socket, message, SendFlags::empty(), &sender)?;
    Ok(())
}
