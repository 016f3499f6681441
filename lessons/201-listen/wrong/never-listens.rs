//! fails: announces-the-port
//! also: given-port, listens-before-announcing, backlog-is-passed-on, clients-wait-in-the-queue, ipv6, ends-with-its-input
//! Takes bind for all that it needs.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments.next().ok_or("an address is missing")?.parse()?;
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    let address = SocketAddr::try_from(getsockname(&listener)?)?;
    println!("listening on {address}");
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
