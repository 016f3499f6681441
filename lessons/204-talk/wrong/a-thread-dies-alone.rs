//! fails: reset-is-an-error
//! Receives in a thread, and does not ask how it has ended.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let stream = TcpStream::connect(address)?;
    let receiving = stream.try_clone()?;
    let answers = thread::spawn(move || print_answers(&receiving));
    send_input(&stream)?;
    let _ = answers.join();
    Ok(())
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
