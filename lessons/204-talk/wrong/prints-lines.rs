//! fails: server-speaks-first
//! Waits for a whole line before it prints anything.

use std::io::{self, BufRead, BufReader, Read, Write};
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

fn print_answers(stream: &TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    while stream.read_until(b'\n', &mut line)? > 0 {
        io::stdout().write_all(&line)?;
        io::stdout().flush()?;
        line.clear();
    }
    Ok(())
}
