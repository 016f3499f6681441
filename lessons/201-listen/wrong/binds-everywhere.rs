//! fails: given-port
//! also: ipv6
//! Binds all addresses of the machine, and prints the one that it was given.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments.next().ok_or("an address is missing")?.parse()?;
    let backlog = arguments.next().map_or(Ok(128), |number| number.parse())?;
    let (family, everywhere) = match address {
        SocketAddr::V4(_) => (AddressFamily::INET, Ipv4Addr::UNSPECIFIED.into()),
        SocketAddr::V6(_) => (AddressFamily::INET6, Ipv6Addr::UNSPECIFIED.into()),
    };
    let anywhere = SocketAddr::new(everywhere, address.port());
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &anywhere)?;
    listen(&listener, backlog)?;
    let bound = SocketAddr::try_from(getsockname(&listener)?)?;
    println!(
        "listening on {}",
        SocketAddr::new(address.ip(), bound.port())
    );
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
