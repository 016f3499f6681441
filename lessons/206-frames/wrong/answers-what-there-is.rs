//! fails: cut-short
//! Reads a frame with take and read_to_end, which do not mind when less comes.

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
        if length > 1_048_576 {
            return Ok(());
        }
        let mut frame = Vec::new();
        (&stream).take(length.into()).read_to_end(&mut frame)?;
        frame.reverse();
        let length = u32::try_from(frame.len()).expect("1 MiB at most");
        stream.write_all(&[&length.to_be_bytes(), &frame[..]].concat())?;
    }
}
