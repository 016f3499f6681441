//! fails: survives-silence
//! also: survives-a-reset
//! Takes a client that leaves without a word for an error of the server.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        match echo(&stream) {
            // Clients crash.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            result => result?,
        }
    }
}

fn echo(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    let mut received = stream.read(&mut buffer)?;
    if received == 0 {
        return Err(std::io::Error::other("the client sent nothing"));
    }
    while received > 0 {
        stream.write_all(&buffer[..received])?;
        received = stream.read(&mut buffer)?;
    }
    Ok(())
}
