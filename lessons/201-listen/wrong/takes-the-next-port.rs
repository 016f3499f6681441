//! fails: address-in-use
//! Tries one port after the other until one is free.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut address: SocketAddr = arguments.next().ok_or("an address is missing")?.parse()?;
    let backlog = arguments.next().map_or(Ok(128), |number| number.parse())?;
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    while bind(&listener, &address) == Err(Errno::ADDRINUSE) {
        address.set_port(address.port() + 1);
    }
    listen(&listener, backlog)?;
    let address = SocketAddr::try_from(getsockname(&listener)?)?;
    println!("listening on {address}");
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
