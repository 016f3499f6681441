//! A client that asks, ends its sending half, and prints what comes until the server has ended, too.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketType, connect, recv, send, shutdown,
    socket,
};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("no address")?;
    let address: SocketAddr = address.parse()?;
    let connection = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    connect(&connection, &address)?;

    send(&connection, b"pear\napple\nfig\n", SendFlags::NOSIGNAL)?;
    shutdown(&connection, Shutdown::Write)?;

    let mut buffer = [0; 4096];
    loop {
        let (received, _) = recv(&connection, &mut buffer[..], RecvFlags::empty())?;
        if received == 0 {
            return Ok(());
        }
        println!("came: {}", buffer[..received].escape_ascii());
    }
}
