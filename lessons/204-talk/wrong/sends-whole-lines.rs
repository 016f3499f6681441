//! fails: ends-its-sending-half
//! also: binary-safe
//! Reads lines, and ends each with a newline, though the last had none.

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
    for line in io::stdin().lines() {
        writeln!(stream, "{}", line?)?;
    }
    stream.shutdown(Shutdown::Write)
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
