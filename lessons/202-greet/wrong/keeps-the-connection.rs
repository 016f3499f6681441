//! fails: closes-after-the-greeting
//! also: leaks-no-descriptors
//! Keeps every connection in a list, so that none of them is ever closed.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let mut clients = Vec::new();
    loop {
        let (mut stream, caller) = listener.accept()?;
        let _ = stream.write_all(format!("hello {caller}\r\n").as_bytes());
        clients.push(stream);
    }
}
