//! fails: names-the-caller
//! also: ipv6
//! Takes only the port from the caller's address: so far all clients came from 127.0.0.1.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        let _ = stream.write_all(format!("hello 127.0.0.1:{}\r\n", caller.port()).as_bytes());
    }
}
