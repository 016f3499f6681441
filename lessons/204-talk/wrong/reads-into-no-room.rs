//! fails: sends-and-prints
//! also: reply-in-pieces, binary-safe, server-speaks-first, ends-its-sending-half, both-directions-at-once, reset-is-an-error
//! Its buffer has a capacity and no length: read returns 0, as at the end.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::thread;

use rustix::fd::OwnedFd;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketType, connect, recv, send, shutdown,
    socket,
};

fn main() -> ExitCode {
    match talk() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("talk: {error}");
            ExitCode::FAILURE
        }
    }
}

fn talk() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args()
        .nth(1)
        .ok_or("usage: talk ADDRESS")?
        .parse()?;
    let connection = Arc::new(open(address)?);
    let sending = Arc::clone(&connection);
    // While this thread waits for the user, the main thread waits for the server.
    thread::spawn(move || {
        if let Err(error) = send_input(&sending) {
            eprintln!("talk: {error}");
            process::exit(1);
        }
    });
    print_answers(&connection)
}

/// A socket that is connected to `address`.
fn open(address: SocketAddr) -> rustix::io::Result<OwnedFd> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let connection = socket(family, SocketType::STREAM, None)?;
    connect(&connection, &address)?;
    Ok(connection)
}

/// Sends what comes on standard input, until its end, and then says that no more will come.
fn send_input(connection: &OwnedFd) -> Result<(), Box<dyn Error>> {
    let mut buffer: Vec<u8> = Vec::with_capacity(4096);
    loop {
        let read = io::stdin().read(&mut buffer)?;
        if read == 0 {
            break;
        }
        let mut bytes = &buffer[..read];
        while !bytes.is_empty() {
            let sent = send(connection, bytes, SendFlags::NOSIGNAL)?;
            bytes = &bytes[sent..];
        }
    }
    shutdown(connection, Shutdown::Write)?;
    Ok(())
}

/// Prints what the server sends, as it comes, until the server will send no more.
fn print_answers(connection: &OwnedFd) -> Result<(), Box<dyn Error>> {
    let mut buffer = [0; 4096];
    loop {
        let (received, _) = recv(connection, &mut buffer[..], RecvFlags::empty())?;
        if received == 0 {
            return Ok(());
        }
        io::stdout().write_all(&buffer[..received])?;
        io::stdout().flush()?;
    }
}
