//! fails: one-frame
//! also: empty-frame, split-anywhere, coalesced, pipelined, cut-short, survives-a-reset, too-large-is-refused
//! Writes its answers into a BufWriter, where they stay.

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
