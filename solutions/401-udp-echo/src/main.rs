//! 401 udp-echo: sends each datagram back to where it came from.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, bind, recvfrom, sendto, socket,
};

/// Room for the largest datagram: UDP counts its length in 16 bits.
const LARGEST: usize = 65_535;

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
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let socket = socket(family, SocketType::DGRAM, None)?;
    bind(&socket, &address)?;
    let mut buffer = vec![0; LARGEST];
    loop {
        // Trouble with one datagram is no reason to leave all the others unanswered.
        if let Err(error) = echo(&socket, &mut buffer) {
            eprintln!("udp-echo: {error}");
        }
    }
}

/// Receives one datagram and sends it back.
fn echo(socket: &OwnedFd, buffer: &mut [u8]) -> rustix::io::Result<()> {
    let (received, _, sender) = recvfrom(socket, &mut *buffer, RecvFlags::empty())?;
    if let Some(sender) = sender {
        sendto(socket, &buffer[..received], SendFlags::empty(), &sender)?;
    }
    Ok(())
}
