//! fails: half-close
//! Takes the client's half-close for a farewell and closes, before it has received what came first.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use rustix::event::{PollFd, PollFlags, poll};

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = echo(&stream) {
            eprintln!("{error}");
        }
    }
}

fn echo(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let mut ready = [PollFd::new(&stream, PollFlags::IN | PollFlags::RDHUP)];
        poll(&mut ready, None)?;
        if ready[0].revents().contains(PollFlags::RDHUP) {
            return Ok(());
        }
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..received])?;
    }
}
