//! fails: cut-short
//! also: survives-a-reset
//! Receives until the frame is whole, and never asks whether any more will come.

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
        let length = receive(&mut stream, 4)?;
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]);
        if length > 1_048_576 {
            return Ok(());
        }
        let mut frame = receive(&mut stream, length as usize)?;
        frame.reverse();
        stream.write_all(&[&length.to_be_bytes(), &frame[..]].concat())?;
    }
}

fn receive(stream: &mut TcpStream, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    let mut received = 0;
    while received < count {
        received += stream.read(&mut bytes[received..])?;
    }
    Ok(bytes)
}
