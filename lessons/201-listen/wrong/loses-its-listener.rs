//! fails: announces-the-port
//! also: given-port, backlog-is-passed-on, clients-wait-in-the-queue, ipv6, ends-with-its-input
//! Lets the socket go out of scope at the end of a function, which closes it.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments.next().ok_or("an address is missing")?.parse()?;
    let backlog = arguments.next().map_or(Ok(128), |number| number.parse())?;
    open(address, backlog)?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

fn open(address: SocketAddr, backlog: i32) -> Result<(), Box<dyn Error>> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, backlog)?;
    let address = SocketAddr::try_from(getsockname(&listener)?)?;
    println!("listening on {address}");
    Ok(())
}
