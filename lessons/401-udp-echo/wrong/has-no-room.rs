//! fails: one-datagram
//! also: boundaries-are-kept, empty-datagram, largest-datagram, senders-are-told-apart, answers-from-its-own-port, a-vanished-sender, ipv6
//! Its buffer has a capacity and no length: nothing fits.

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
    let mut buffer = Vec::<u8>::with_capacity(65_535);
    let (received, _, sender) = recvfrom(socket, &mut buffer[..], RecvFlags::empty())?;
    let sender = sender.ok_or(Errno::NOTCONN)?;
    sendto(socket, &buffer[..received], SendFlags::empty(), &sender)?;
    Ok(())
}
