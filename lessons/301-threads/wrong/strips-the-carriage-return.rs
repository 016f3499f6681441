//! fails: counts
//! lines() takes away a CR before the newline, too; and it gives what has no newline at the end.

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
    for (index, line) in reader.lines().enumerate() {
        let answer = format!("{} {}\n", index + 1, line?);
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}
