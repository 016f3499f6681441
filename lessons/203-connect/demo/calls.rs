//! Connects to ADDRESS and tells what becomes of it.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, SocketType, connect, getpeername, getsockname, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("usage: calls ADDRESS")?;
    let address: SocketAddr = address.parse()?;

    let connection = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    println!(
        "after socket   {}",
        SocketAddr::try_from(getsockname(&connection)?)?
    );
    connect(&connection, &address)?;
    println!(
        "after connect  {}",
        SocketAddr::try_from(getsockname(&connection)?)?
    );
    let remote = getpeername(&connection)?.ok_or("not connected")?;
    println!("with           {}", SocketAddr::try_from(remote)?);
    Ok(())
}
