//! fails: half-close
//! Leaves as soon as the client has ended, with answers that are still to be sent.

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
    stream.set_nonblocking(true)?;
    let mut waiting = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let mut interest = PollFlags::IN;
        interest.set(PollFlags::OUT, !waiting.is_empty());
        let mut ready = [PollFd::new(&stream, interest)];
        poll(&mut ready, None)?;
        let ready = ready[0].revents();
        if ready.contains(PollFlags::IN) {
            let received = stream.read(&mut buffer)?;
            if received == 0 {
                return Ok(());
            }
            waiting.extend_from_slice(&buffer[..received]);
        } else if ready.contains(PollFlags::OUT) {
            let sent = stream.write(&waiting)?;
            waiting.drain(..sent);
        }
    }
}
