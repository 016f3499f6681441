//! fails: coalesced
//! also: pipelined, too-large-is-refused
//! Keeps what has come, but looks for one frame after each recv: if where it should be while.

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
    let mut kept = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        kept.extend_from_slice(&buffer[..received]);
        if kept.len() < 4 {
            continue;
        }
        let length = u32::from_be_bytes([kept[0], kept[1], kept[2], kept[3]]);
        if length > 1_048_576 {
            return Ok(());
        }
        let end = 4 + length as usize;
        if kept.len() >= end {
            let mut answer: Vec<u8> = kept.drain(..end).collect();
            answer[4..].reverse();
            stream.write_all(&answer)?;
        }
    }
}
