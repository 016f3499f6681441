//! fails: ipv6
//! Opens a socket of IPv4 whatever the address is.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments.next().ok_or("an address is missing")?.parse()?;
    let backlog = arguments.next().map_or(Ok(128), |number| number.parse())?;
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, backlog)?;
    let address = SocketAddr::try_from(getsockname(&listener)?)?;
    println!("listening on {address}");
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
