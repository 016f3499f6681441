//! fails: ipv6
//! Takes the address apart at its first colon, where an IPv6 address has many.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).ok_or("usage: echo ADDRESS")?;
    let (host, port) = address.split_once(':').ok_or("the address has no port")?;
    let port: u16 = port.parse()?;
    let listener = TcpListener::bind((host, port))?;
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
        stream.write_all(&buffer[..received])?;
    }
}
