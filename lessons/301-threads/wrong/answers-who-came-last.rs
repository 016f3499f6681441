//! fails: interleaved
//! also: last-come-first-served, a-stalled-client-stalls-nobody, two-hundred-at-once, threads-end, survives-a-reset
//! Sends each answer to the client that has connected last.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

type Current = Mutex<Option<TcpStream>>;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let current = Arc::new(Current::default());
    for stream in listener.incoming() {
        let stream = stream?;
        let current = Arc::clone(&current);
        current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(stream.try_clone()?);
        thread::spawn(move || serve(&stream, &current));
    }
    Ok(())
}

fn serve(stream: &TcpStream, current: &Current) -> io::Result<()> {
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
        let mut current = current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = current.as_mut() {
            client.write_all(&answer)?;
        }
    }
}
