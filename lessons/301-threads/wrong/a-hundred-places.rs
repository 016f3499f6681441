//! fails: two-hundred-at-once
//! Has places for a hundred clients, and sends the next one away.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

const PLACES: usize = 100;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let place = Arc::new(());
    for stream in listener.incoming() {
        let stream = stream?;
        if Arc::strong_count(&place) > PLACES {
            continue;
        }
        let place = Arc::clone(&place);
        thread::spawn(move || {
            let _ = serve(&stream);
            drop(place);
        });
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
