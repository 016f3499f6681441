//! fails: half-close
//! also: one-after-another, survives-silence
//! Keeps every connection, also those that have ended.

use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let mut connections = Vec::new();
    loop {
        let (mut stream, _) = listener.accept()?;
        let mut buffer = [0; 4096];
        while let Ok(received) = stream.read(&mut buffer) {
            if received == 0 || stream.write_all(&buffer[..received]).is_err() {
                break;
            }
        }
        connections.push(stream);
    }
}
