//! fails: one-message
//! also: keeps-echoing, split-anywhere, any-length, binary-safe, one-after-another, says-nothing-unasked, survives-a-reset, survives-silence, ipv6
//! Takes a message for a line: without a newline at its end it is never answered.

use std::io::{BufRead, BufReader, Write};
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
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        stream.write_all(&line)?;
        line.clear();
    }
    Ok(())
}
