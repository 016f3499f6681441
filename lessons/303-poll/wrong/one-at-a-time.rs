//! fails: five-hundred-at-once
//! also: one-thread, a-reader-who-does-not-read, idles-when-idle, survives-a-reset
//! Serves a client to its end before it accepts the next, as in 205.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = echo(stream) {
            eprintln!("poll: {error}");
        }
    }
}

fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..received])?;
    }
}
