//! A client that says nothing: it connects, and prints what comes until the server has ended.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, RecvFlags, SocketType, connect, recv, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("no address")?;
    let address: SocketAddr = address.parse()?;
    let connection = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    connect(&connection, &address)?;

    let mut buffer = [0; 4096];
    loop {
        let (received, _) = recv(&connection, &mut buffer[..], RecvFlags::empty())?;
        println!("recv returned {received}");
        if received == 0 {
            return Ok(());
        }
        println!("came: {}", buffer[..received].escape_ascii());
    }
}
