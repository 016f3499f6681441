//! A thread for each client, and one BufReader for each connection, which keeps for the next frame
//! what it has read too much.

use std::io::{self, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || serve(&stream));
    }
    Ok(())
}

fn serve(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut frame = vec![0; 4];
    loop {
        // The length came as four bytes and goes as the same four.
        frame.truncate(4);
        reader.read_exact(&mut frame)?;
        let length = u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]]);
        if length > 1 << 20 {
            return Ok(());
        }
        frame.resize(4 + length as usize, 0);
        reader.read_exact(&mut frame[4..])?;
        frame[4..].reverse();
        stream.write_all(&frame)?;
    }
}
