//! fails: ends-with-its-input
//! Waits for ever: it takes for granted that a server is ended with Ctrl-C.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments.next().ok_or("an address is missing")?.parse()?;
    let backlog = arguments.next().map_or(Ok(128), |number| number.parse())?;
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, backlog)?;
    let address = SocketAddr::try_from(getsockname(&listener)?)?;
    println!("listening on {address}");
    loop {
        std::thread::park();
    }
}
