//! fails: server-ends-early
//! also: sends-and-prints, reply-in-pieces, binary-safe, server-speaks-first, ends-its-sending-half, both-directions-at-once
//! Goes on receiving when recv has returned 0.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let stream = TcpStream::connect(address)?;
    let sending = stream.try_clone()?;
    thread::spawn(move || send_input(&sending));
    print_answers(&stream)
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
        io::stdout().write_all(&buffer[..received])?;
        io::stdout().flush()?;
    }
}
