//! fails: half-close
//! also: one-after-another, survives-silence
//! Sets SO_LINGER to 0 to be rid of TIME_WAIT: then close is a reset, and what is unsent is lost.

use std::net::SocketAddr;
use std::time::Duration;

use rustix::fd::OwnedFd;
use rustix::net::sockopt::set_socket_linger;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, accept, bind, listen, recv, send, socket,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address: SocketAddr = std::env::args()
        .nth(1)
        .ok_or("usage: echo ADDRESS")?
        .parse()?;
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 128)?;
    loop {
        let connection = accept(&listener)?;
        set_socket_linger(&connection, Some(Duration::ZERO))?;
        if let Err(error) = echo(&connection) {
            eprintln!("echo: {error}");
        }
    }
}

fn echo(connection: &OwnedFd) -> rustix::io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let (received, _) = recv(connection, &mut buffer[..], RecvFlags::empty())?;
        if received == 0 {
            return Ok(());
        }
        let mut rest = &buffer[..received];
        while !rest.is_empty() {
            let sent = send(connection, rest, SendFlags::NOSIGNAL)?;
            rest = &rest[sent..];
        }
    }
}
