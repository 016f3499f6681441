//! fails: two-hundred-at-once
//! Sixty-four threads for all: enough for a long time.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

const THREADS: usize = 64;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let (hand_over, clients) = mpsc::channel();
    let clients = Arc::new(Mutex::new(clients));
    for _ in 0..THREADS {
        let clients = Arc::clone(&clients);
        thread::spawn(move || work(&clients));
    }
    for stream in listener.incoming() {
        hand_over.send(stream?).map_err(io::Error::other)?;
    }
    Ok(())
}

fn work(clients: &Mutex<mpsc::Receiver<TcpStream>>) {
    loop {
        let next = clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(stream) = next else { return };
        // What goes wrong with one client is no other's trouble.
        let _ = serve(&stream);
    }
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
