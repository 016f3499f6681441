//! fails: greets
//! Says more than the protocol asks for: hello dear client IP:PORT.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        let _ = stream.write_all(format!("hello dear client {caller}\r\n").as_bytes());
    }
}
