//! Receives whatever has come into one growing buffer, and takes whole frames out of its front.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

const LARGEST: usize = 1_048_576;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = serve(stream) {
            eprintln!("{error}");
        }
    }
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut kept = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        kept.extend_from_slice(&buffer[..received]);
        while let Some(length) = length(&kept) {
            if length > LARGEST {
                return Ok(());
            }
            let end = 4 + length;
            if kept.len() < end {
                break;
            }
            kept[4..end].reverse();
            stream.write_all(&kept[..end])?;
            kept.drain(..end);
        }
    }
}

/// What the first four bytes say, once they are there.
fn length(kept: &[u8]) -> Option<usize> {
    let length = u32::from_be_bytes(*kept.first_chunk()?);
    usize::try_from(length).ok()
}
