//! fails: two-hundred-at-once
//! Serves a hundred clients, and accepts the next one when one of them has left.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

const PLACES: usize = 100;

/// How many clients there are, and news of that.
type Clients = (Mutex<usize>, Condvar);

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let clients = Arc::new(Clients::default());
    loop {
        wait_for_a_place(&clients);
        let (stream, _) = listener.accept()?;
        let clients = Arc::clone(&clients);
        thread::spawn(move || {
            let _ = serve(&stream);
            *clients.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
            clients.1.notify_one();
        });
    }
}

fn wait_for_a_place((number, changed): &Clients) {
    let number = number.lock().unwrap_or_else(PoisonError::into_inner);
    let is_full = |number: &mut usize| *number >= PLACES;
    let mut number = changed
        .wait_while(number, is_full)
        .unwrap_or_else(PoisonError::into_inner);
    *number += 1;
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
