//! fails: too-large-is-refused
//! Collects the answers to all frames that one recv has brought, and throws them away when one is too large.

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
        let mut answers = Vec::new();
        while let Some(head) = kept.first_chunk::<4>() {
            let length = u32::from_be_bytes(*head) as usize;
            if length > 1_048_576 {
                return Err(io::Error::other("too large"));
            }
            if kept.len() < 4 + length {
                break;
            }
            let mut answer: Vec<u8> = kept.drain(..4 + length).collect();
            answer[4..].reverse();
            answers.extend(answer);
        }
        stream.write_all(&answers)?;
    }
}
