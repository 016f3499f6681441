//! fails: one-message
//! also: keeps-echoing, split-anywhere, any-length, binary-safe, half-close, one-after-another, says-nothing-unasked, survives-a-reset, survives-silence, ipv6
//! Echoes like the shell's echo: on its own standard output.

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
        std::io::stdout().write_all(&buffer[..received])?;
        std::io::stdout().flush()?;
    }
}
