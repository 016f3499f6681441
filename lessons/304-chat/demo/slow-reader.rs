//! How much does the kernel take for one who reads nothing? Sends line after line until it takes no more.

use std::io::{self, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    // This one connects, and never calls recv.
    let _reader = TcpStream::connect(listener.local_addr()?)?;
    let (mut connection, _) = listener.accept()?;
    connection.set_nonblocking(true)?;

    let line = [b'x'; 1_000];
    let mut taken = 0;
    loop {
        match connection.write(&line) {
            Ok(len) => taken += len,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let (lines, part) = (taken / line.len(), taken % line.len());
                println!("taken: {lines} lines, and {part} bytes of one more; then: {error}");
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
}
