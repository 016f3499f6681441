//! 205 echo: sends back whatever a client sends, until the client ends its sending half.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, accept, bind, listen, recv, send, socket,
};

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
        // A client that vanishes ends its own connection, not the server.
        if let Err(error) = echo(&connection) {
            eprintln!("echo: {error}");
        }
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

/// The next connection out of the accept queue.
fn next_client(listener: &OwnedFd) -> rustix::io::Result<OwnedFd> {
    accept(listener)
}

/// Sends back what comes, until recv returns 0: the client will send no more.
fn echo(connection: &OwnedFd) -> rustix::io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let (received, _) = recv(connection, &mut buffer[..], RecvFlags::empty())?;
        if received == 0 {
            return Ok(());
        }
        send_all(connection, &buffer[..received])?;
    }
}

/// send may take less than it is given: go on with the rest.
fn send_all(connection: &OwnedFd, mut bytes: &[u8]) -> rustix::io::Result<()> {
    while !bytes.is_empty() {
        let sent = send(connection, bytes, SendFlags::NOSIGNAL)?;
        bytes = &bytes[sent..];
    }
    Ok(())
}
