//! fails: cut-short
//! also: too-large-is-refused, survives-a-reset
//! Lets the end of one client's input end the server.

use std::io::{self, Read, Write};
use std::net::TcpListener;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        loop {
            let mut length = [0; 4];
            stream.read_exact(&mut length)?;
            let length = u32::from_be_bytes(length);
            if length > 1_048_576 {
                break;
            }
            let mut frame = vec![0; length as usize];
            stream.read_exact(&mut frame)?;
            frame.reverse();
            stream.write_all(&[&length.to_be_bytes(), &frame[..]].concat())?;
        }
    }
}
