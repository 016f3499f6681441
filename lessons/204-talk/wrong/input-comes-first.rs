//! fails: both-directions-at-once
//! Waits for both at once, but when there is input it sends all of it before it receives again.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};

use rustix::event::{PollFd, PollFlags, poll};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let stream = TcpStream::connect(address)?;
    talk(&stream)?;
    print_answers(&stream)
}

/// Prints until there is input, and sends that.
fn talk(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let input = io::stdin();
        let mut ready = [
            PollFd::new(&input, PollFlags::IN),
            PollFd::new(&stream, PollFlags::IN),
        ];
        poll(&mut ready, None)?;
        if ready[1].revents().is_empty() {
            return send_input(stream);
        }
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        io::stdout().write_all(&buffer[..received])?;
        io::stdout().flush()?;
    }
}

fn send_input(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let read = io::stdin().read(&mut buffer)?;
        if read == 0 {
            return stream.shutdown(Shutdown::Write);
        }
        stream.write_all(&buffer[..read])?;
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
