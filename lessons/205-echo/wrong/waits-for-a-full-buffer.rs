//! fails: one-message
//! also: keeps-echoing, split-anywhere, any-length, binary-safe, half-close, one-after-another, says-nothing-unasked, survives-a-reset, survives-silence, ipv6
//! read_exact waits until the whole buffer is full.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = echo(&stream) {
            eprintln!("{error}");
        }
    }
}

fn echo(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        stream.read_exact(&mut buffer)?;
        stream.write_all(&buffer)?;
    }
}
