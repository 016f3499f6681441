//! fails: split-anywhere
//! also: coalesced, pipelined, largest-frame, too-large-is-refused, cut-short, survives-a-reset
//! Takes what one recv brings for one frame.

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
    let mut buffer = vec![0; 2 * 1024 * 1024];
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        let length = u32::from_be_bytes([buffer[0], buffer[1], buffer[2], buffer[3]]);
        if length > 1_048_576 {
            return Ok(());
        }
        let mut frame = buffer[4..received].to_vec();
        frame.reverse();
        stream.write_all(&[&length.to_be_bytes(), &frame[..]].concat())?;
    }
}
