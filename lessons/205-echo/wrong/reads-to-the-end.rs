//! fails: one-message
//! also: keeps-echoing, split-anywhere, any-length, binary-safe, one-after-another, says-nothing-unasked, survives-a-reset, survives-silence, ipv6
//! Reads everything until the client ends, and only then answers.

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
    let mut everything = Vec::new();
    stream.read_to_end(&mut everything)?;
    stream.write_all(&everything)
}
