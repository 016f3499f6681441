//! fails: greets
//! also: names-the-caller, closes-after-the-greeting, one-after-another, speaks-first, leaks-no-descriptors, survives-a-reset, ipv6
//! Sends on the listening socket: the kernel says ENOTCONN.

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
        let (_connection, caller) = acceptfrom(&listener)?;
        let caller: SocketAddr = caller.ok_or("nobody has called")?.try_into()?;
        let greeting = format!("hello {caller}\r\n");
        send(&listener, greeting.as_bytes(), SendFlags::NOSIGNAL)?;
    }
}
