//! fails: survives-a-reset
//! Expects the end of input where a recv can fail, and nothing else.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        while let Some(mut frame) = receive(&mut stream) {
            frame.reverse();
            let length = u32::try_from(frame.len()).expect("1 MiB at most");
            let answer = [&length.to_be_bytes(), &frame[..]].concat();
            stream.write_all(&answer).unwrap();
        }
    }
}

fn receive(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    if !fill(stream, &mut length) {
        return None;
    }
    let length = u32::from_be_bytes(length);
    if length > 1_048_576 {
        return None;
    }
    let mut frame = vec![0; length as usize];
    fill(stream, &mut frame).then_some(frame)
}

fn fill(stream: &mut TcpStream, buffer: &mut [u8]) -> bool {
    match stream.read_exact(buffer) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => false,
        read => {
            read.unwrap();
            true
        }
    }
}
