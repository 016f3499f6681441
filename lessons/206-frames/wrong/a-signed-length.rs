//! fails: too-large-is-refused
//! Reads the length as a signed number: ffffffff is -1, and less than any limit.

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
        let length = i32::from_be_bytes(length);
        if length > 1_048_576 {
            return Ok(());
        }
        let mut frame = Vec::new();
        let mut missing = length;
        while missing != 0 {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            frame.extend(byte);
            missing -= 1;
        }
        frame.reverse();
        stream.write_all(&[&length.to_be_bytes(), &frame[..]].concat())?;
    }
}
