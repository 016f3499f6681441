//! fails: keeps-echoing
//! also: split-anywhere, any-length, binary-safe, half-close, says-nothing-unasked
//! Takes a buffer that is not full for the end of the input.

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
    let mut buffer = [0; 4096];
    loop {
        let received = stream.read(&mut buffer)?;
        stream.write_all(&buffer[..received])?;
        if received < buffer.len() {
            return Ok(());
        }
    }
}
