//! fails: coalesced
//! Collects answers in a BufWriter, and sends them when nothing is left to read: not even half a frame.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // What goes wrong with one client is no other's trouble.
        let _ = serve(&stream?);
    }
    Ok(())
}

fn serve(stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut writer = BufWriter::new(stream);
    loop {
        if reader.buffer().is_empty() {
            writer.flush()?;
        }
        let mut length = [0; 4];
        reader.read_exact(&mut length)?;
        let size = u32::from_be_bytes(length);
        if size > 1_048_576 {
            return Ok(());
        }
        let mut frame = vec![0; size as usize];
        reader.read_exact(&mut frame)?;
        frame.reverse();
        writer.write_all(&length)?;
        writer.write_all(&frame)?;
    }
}
