//! fails: any-length
//! also: half-close
//! Sends no more than one packet holds and forgets the rest, as if send had taken it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// What an Ethernet frame has room for.
const PACKET: usize = 1460;

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
        stream.write_all(&buffer[..received.min(PACKET)])?;
    }
}
