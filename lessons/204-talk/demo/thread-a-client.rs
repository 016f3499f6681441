//! A server that goes on, too: each client has a thread of its own, so that nobody waits for another.

use std::error::Error;
use std::net::SocketAddr;
use std::thread;

use rustix::fd::OwnedFd;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, accept, bind, getsockname, listen, recv, send,
    socket,
};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("no address")?;
    let address: SocketAddr = address.parse()?;
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 128)?;
    let address = SocketAddr::try_from(getsockname(&listener)?)?;
    println!("listening on {address}");

    for client in 1.. {
        let connection = accept(&listener)?;
        thread::spawn(move || match serve(client, &connection) {
            Ok(()) => println!("client {client} has left"),
            Err(error) => println!("client {client}: {error}"),
        });
    }
    Ok(())
}

/// Greets a client, and confirms each message, until the client will send no more.
fn serve(client: u32, connection: &OwnedFd) -> rustix::io::Result<()> {
    say(connection, &format!("welcome, client {client}\n"))?;
    let mut buffer = [0; 4096];
    loop {
        let (received, _) = recv(connection, &mut buffer[..], RecvFlags::empty())?;
        if received == 0 {
            return Ok(());
        }
        let message = buffer[..received].escape_ascii();
        println!("client {client} says: {message}");
        say(connection, &format!("heard: {message}\n"))?;
    }
}

/// A short line, for which the kernel has room.
fn say(connection: &OwnedFd, line: &str) -> rustix::io::Result<()> {
    send(connection, line.as_bytes(), SendFlags::NOSIGNAL)?;
    Ok(())
}
