//! fails: closes-after-the-greeting
//! also: leaks-no-descriptors
//! Greets, and closes only when the client has closed its side.

use std::io::{Read, Write};
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
    stream.write_all(format!("hello {caller}\r\n").as_bytes())?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest)?;
    Ok(())
}
