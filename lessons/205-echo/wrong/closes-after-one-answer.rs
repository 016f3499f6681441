//! fails: keeps-echoing
//! also: split-anywhere, any-length, binary-safe, half-close, says-nothing-unasked
//! Answers once and closes the connection.

use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        let mut buffer = [0; 4096];
        if let Ok(received) = stream.read(&mut buffer) {
            // An error concerns this client alone.
            let _ = stream.write_all(&buffer[..received]);
        }
    }
}
