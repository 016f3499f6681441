//! fails: ipv6
//! Asks for an IPv4 socket, whatever the address is.

use std::net::SocketAddr;

use rustix::fd::OwnedFd;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, accept, bind, listen, recv, send, socket,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address: SocketAddr = std::env::args()
        .nth(1)
        .ok_or("usage: echo ADDRESS")?
        .parse()?;
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 128)?;
    loop {
        let connection = accept(&listener)?;
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
