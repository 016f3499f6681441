//! fails: speaks-first
//! also: greets, names-the-caller, closes-after-the-greeting, one-after-another, leaks-no-descriptors, survives-a-reset, ipv6
//! Receives before it sends, as a server of another protocol would.

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
    let mut request = [0; 512];
    let _received = stream.read(&mut request)?;
    stream.write_all(format!("hello {caller}\r\n").as_bytes())
}
