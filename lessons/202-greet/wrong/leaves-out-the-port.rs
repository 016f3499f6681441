//! fails: names-the-caller
//! also: ipv6
//! Names the caller's IP address without its port.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        let _ = stream.write_all(format!("hello {}\r\n", caller.ip()).as_bytes());
    }
}
