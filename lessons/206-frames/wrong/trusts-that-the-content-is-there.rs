//! fails: split-anywhere
//! also: coalesced, largest-frame, cut-short
//! Takes a frame out of what one recv brings, as many bytes as the length says, there or not.

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
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        let mut start = 0;
        while start < received {
            let length = buffer[start..start + 4].try_into().expect("four bytes");
            let length = u32::from_be_bytes(length) as usize;
            if length > 1_048_576 {
                return Ok(());
            }
            let mut answer = buffer[start..start + 4].to_vec();
            answer.extend(buffer[start + 4..start + 4 + length].iter().rev());
            stream.write_all(&answer)?;
            start += 4 + length;
        }
    }
}
