//! A server that takes one message from one client, prints it, and ends.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{
    AddressFamily, RecvFlags, SocketType, accept, bind, getsockname, listen, recv, socket,
};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("no address")?;
    let address: SocketAddr = address.parse()?;
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 128)?;
    let address = SocketAddr::try_from(getsockname(&listener)?)?;
    println!("listening on {address}");

    let connection = accept(&listener)?;
    let mut buffer = [0; 4096];
    let (received, _) = recv(&connection, &mut buffer[..], RecvFlags::empty())?;
    let message = &buffer[..received];
    println!("{received} bytes came: {}", message.escape_ascii());
    Ok(())
}
