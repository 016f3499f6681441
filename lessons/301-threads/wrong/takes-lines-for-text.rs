//! fails: counts
//! lines() gives text, and an error where a line is none.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || serve(&stream));
    }
    Ok(())
}

fn serve(mut stream: &TcpStream) -> io::Result<()> {
    let reader = BufReader::new(stream);
    for (index, line) in reader.split(b'\n').enumerate() {
        let line = String::from_utf8(line?).map_err(io::Error::other)?;
        let answer = format!("{} {line}\n", index + 1);
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}
