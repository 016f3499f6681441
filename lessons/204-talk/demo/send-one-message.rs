//! A client that sends one message and ends.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, SendFlags, SocketType, connect, send, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("no address")?;
    let address: SocketAddr = address.parse()?;
    let connection = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    connect(&connection, &address)?;

    let sent = send(&connection, b"hello", SendFlags::NOSIGNAL)?;
    println!("{sent} bytes sent");
    Ok(())
}
