//! Sends the line in pieces, a byte each: TCP carries bytes, and nobody promised one segment.

use std::net::SocketAddr;

use rustix::fd::OwnedFd;
use rustix::net::sockopt::set_tcp_nodelay;
use rustix::net::{
    AddressFamily, SendFlags, SocketType, accept, bind, getpeername, listen, send, socket,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address: SocketAddr = std::env::args().nth(1).expect("an address").parse()?;
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 1)?;
    loop {
        let connection = accept(&listener)?;
        if let Err(error) = greet(&connection) {
            eprintln!("a client has left: {error}");
        }
    }
}

fn greet(connection: &OwnedFd) -> rustix::io::Result<()> {
    // None where the client is gone: there is nobody to greet.
    let Some(caller) = getpeername(connection)? else {
        return Ok(());
    };
    let caller = SocketAddr::try_from(caller)?;
    set_tcp_nodelay(connection, true)?;
    for byte in format!("hello {caller}\r\n").bytes() {
        send(connection, &[byte], SendFlags::NOSIGNAL)?;
    }
    Ok(())
}
