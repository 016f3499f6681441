//! fails: split-anywhere
//! also: any-length
//! Takes one or two bytes for an empty line, `\r\n`, and does not answer them.

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
        if received == 0 {
            return Ok(());
        }
        if received > 2 {
            stream.write_all(&buffer[..received])?;
        }
    }
}
