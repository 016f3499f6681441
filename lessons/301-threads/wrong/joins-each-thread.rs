//! fails: last-come-first-served
//! also: interleaved, a-stalled-client-stalls-nobody, two-hundred-at-once, threads-end, survives-a-reset
//! Starts a thread for each client, and waits for its end before the next accept.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = stream?;
        let handle = thread::spawn(move || serve(&stream));
        let _ = handle.join();
    }
    Ok(())
}

fn serve(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut number = 0;
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(());
        }
        number += 1;
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        stream.write_all(&answer)?;
    }
}
