//! fails: one-frame
//! also: empty-frame, split-anywhere, coalesced, pipelined, largest-frame, too-large-is-refused, cut-short, survives-a-reset
//! Takes the length for that of the whole frame, its own four bytes included.

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
        if !(4..=1_048_576).contains(&length) {
            return Ok(());
        }
        let mut frame = vec![0; length as usize - 4];
        stream.read_exact(&mut frame)?;
        frame.reverse();
        stream.write_all(&[&length.to_be_bytes(), &frame[..]].concat())?;
    }
}
