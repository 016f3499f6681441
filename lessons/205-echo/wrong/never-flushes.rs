//! fails: one-message
//! also: keeps-echoing, split-anywhere, any-length, binary-safe, one-after-another, says-nothing-unasked, survives-a-reset, survives-silence, ipv6
//! What it sends lies in a BufWriter that is not flushed before it waits again.

use std::io::{BufWriter, Read, Write};
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
    let mut out = BufWriter::new(stream);
    let mut buffer = [0; 4096];
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return out.flush();
        }
        out.write_all(&buffer[..received])?;
    }
}
