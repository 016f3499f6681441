//! fails: last-come-first-served
//! also: two-hundred-at-once, survives-a-reset, threads-end
//! Receives the first line before it starts a thread: a client that says nothing yet keeps the next ones
//! waiting.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = stream?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut first = Vec::new();
        // Who leaves without a word needs no thread.
        if reader.read_until(b'\n', &mut first).is_ok() && first.ends_with(b"\n") {
            thread::spawn(move || serve(&stream, reader, first));
        }
    }
    Ok(())
}

fn serve(
    mut stream: &TcpStream,
    mut reader: BufReader<TcpStream>,
    mut line: Vec<u8>,
) -> io::Result<()> {
    let mut number = 1;
    while line.ends_with(b"\n") {
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        stream.write_all(&answer)?;
        number += 1;
        line.clear();
        reader.read_until(b'\n', &mut line)?;
    }
    Ok(())
}
