//! fails: coalesced
//! also: pipelined, too-large-is-refused
//! Puts a new BufReader around the connection for each frame: what it has read too much is lost.

use std::io::{self, BufReader, Read, Write};
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
        let mut frame = read_frame(&stream)?;
        frame.reverse();
        let length = u32::try_from(frame.len()).expect("1 MiB at most");
        stream.write_all(&[&length.to_be_bytes(), &frame[..]].concat())?;
    }
}

fn read_frame(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let mut length = [0; 4];
    reader.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > 1_048_576 {
        return Err(io::Error::other("too large"));
    }
    let mut frame = vec![0; length as usize];
    reader.read_exact(&mut frame)?;
    Ok(frame)
}
