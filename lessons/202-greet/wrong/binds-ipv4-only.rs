//! fails: ipv6
//! Opens a socket of the family AF_INET, whatever the address is.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{AddressFamily, SendFlags, SocketType, acceptfrom, bind, listen, send, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args().nth(1).expect("an address").parse()?;
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 128)?;
    loop {
        let (connection, caller) = acceptfrom(&listener)?;
        let caller: SocketAddr = caller.ok_or("nobody has called")?.try_into()?;
        let greeting = format!("hello {caller}\r\n");
        let _ = send(&connection, greeting.as_bytes(), SendFlags::NOSIGNAL);
    }
}
