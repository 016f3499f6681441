//! fails: names-the-caller
//! also: ipv6
//! Sends the address as Rust's debug form shows it: Some(V4(…)).

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, SendFlags, SocketType, acceptfrom, bind, listen, send, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args().nth(1).expect("an address").parse()?;
    let family = if address.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 128)?;
    loop {
        let (connection, caller) = acceptfrom(&listener)?;
        let caller = caller.map(SocketAddr::try_from);
        let greeting = format!("hello {caller:?}\r\n");
        let _ = send(&connection, greeting.as_bytes(), SendFlags::NOSIGNAL);
    }
}
