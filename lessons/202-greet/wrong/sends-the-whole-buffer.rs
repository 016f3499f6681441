//! fails: closes-after-the-greeting
//! also: leaks-no-descriptors
//! Writes the line into a buffer of 64 bytes and sends all of the buffer.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        let mut buffer = [0; 64];
        write!(&mut buffer[..], "hello {caller}\r\n")?;
        let _ = stream.write_all(&buffer);
    }
}
