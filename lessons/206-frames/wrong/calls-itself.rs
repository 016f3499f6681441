//! fails: pipelined
//! Answers a frame and calls itself for the next: each frame takes its piece of the stack.

#![expect(clippy::large_stack_arrays, reason = "that is what is wrong with it")]

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(|| next_frame(stream));
    }
    Ok(())
}

fn next_frame(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 256 * 1024];
    stream.read_exact(&mut buffer[..4])?;
    let length = u32::from_be_bytes([buffer[0], buffer[1], buffer[2], buffer[3]]);
    if length > 1_048_576 {
        return Ok(());
    }
    let mut answer = length.to_be_bytes().to_vec();
    let mut missing = length as usize;
    while missing > 0 {
        let room = missing.min(buffer.len());
        stream.read_exact(&mut buffer[..room])?;
        answer.extend_from_slice(&buffer[..room]);
        missing -= room;
    }
    answer[4..].reverse();
    stream.write_all(&answer)?;
    next_frame(stream)
}
