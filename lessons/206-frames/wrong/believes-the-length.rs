//! fails: too-large-is-refused
//! Allocates what the length says, and waits for it.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // What goes wrong with one client is no other's trouble.
        let _ = serve(stream?);
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length);
        let mut frame = vec![0; length as usize];
        stream.read_exact(&mut frame)?;
        frame.reverse();
        stream.write_all(&[&length.to_be_bytes(), &frame[..]].concat())?;
    }
}
