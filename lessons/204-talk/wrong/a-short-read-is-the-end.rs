//! fails: reply-in-pieces
//! also: both-directions-at-once, reset-is-an-error
//! Takes a read that does not fill the buffer for the last one.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let stream = TcpStream::connect(address)?;
    let receiving = stream.try_clone()?;
    let answers = thread::spawn(move || print_answers(&receiving));
    send_input(&stream)?;
    answers.join().expect("it does not panic")
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
        if received < buffer.len() {
            return Ok(());
        }
    }
}
