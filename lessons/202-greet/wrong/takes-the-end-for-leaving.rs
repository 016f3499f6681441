//! fails: speaks-first
//! Looks first whether the client is still there, and takes the end of what it sends for its leaving.

use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, caller) = listener.accept()?;
        if let Err(error) = greet(stream, caller) {
            eprintln!("{caller}: {error}");
        }
    }
}

fn greet(mut stream: TcpStream, caller: SocketAddr) -> std::io::Result<()> {
    stream.set_nonblocking(true)?;
    match stream.peek(&mut [0]) {
        // It has gone.
        Ok(0) => return Ok(()),
        Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
        _ => {}
    }
    stream.write_all(format!("hello {caller}\r\n").as_bytes())
}
