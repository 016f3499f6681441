//! fails: server-speaks-first
//! also: both-directions-at-once, ends-its-sending-half, reply-in-pieces, reset-is-an-error
//! Sends, receives, sends, receives: so the user has to begin.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let stream = TcpStream::connect(address)?;
    talk(&stream)?;
    print_answers(&stream)
}

fn talk(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let read = io::stdin().read(&mut buffer)?;
        if read == 0 {
            return stream.shutdown(Shutdown::Write);
        }
        stream.write_all(&buffer[..read])?;
        let received = stream.read(&mut buffer)?;
        io::stdout().write_all(&buffer[..received])?;
        io::stdout().flush()?;
    }
}

fn print_answers(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        io::stdout().write_all(&buffer[..received])?;
        io::stdout().flush()?;
    }
}
