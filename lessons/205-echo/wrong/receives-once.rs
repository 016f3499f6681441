//! fails: keeps-echoing
//! also: split-anywhere, any-length, binary-safe, half-close, one-after-another, survives-a-reset, survives-silence
//! Receives once per connection, answers, and takes the next client.

use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let mut connections = Vec::new();
    loop {
        let (mut stream, _) = listener.accept()?;
        let mut buffer = [0; 4096];
        let received = stream.read(&mut buffer)?;
        stream.write_all(&buffer[..received])?;
        connections.push(stream);
    }
}
