//! fails: reset-is-an-error
//! Leaves in peace, whatever recv says.

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
        let received = match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return Ok(()),
            Ok(received) => received,
        };
        io::stdout().write_all(&buffer[..received])?;
        io::stdout().flush()?;
    }
}
