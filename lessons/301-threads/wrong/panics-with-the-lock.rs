//! fails: survives-a-reset
//! Panics on a reset while it holds a lock. That ends one thread; but the lock is poisoned, and who unwraps
//! it next panics, too: the thread that accepts.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

type Counters = Mutex<HashMap<SocketAddr, u64>>;

fn main() {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address).unwrap();
    let counters = Arc::new(Counters::default());
    loop {
        let (stream, address) = listener.accept().unwrap();
        counters.lock().unwrap().insert(address, 0);
        let counters = Arc::clone(&counters);
        thread::spawn(move || serve(&stream, address, &counters));
    }
}

fn serve(mut stream: &TcpStream, address: SocketAddr, counters: &Counters) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        // Not with the lock: others must not wait.
        let read = reader.read_until(b'\n', &mut line);
        let mut counters = counters.lock().unwrap();
        read.unwrap();
        if !line.ends_with(b"\n") {
            counters.remove(&address);
            return;
        }
        let number = counters.entry(address).or_default();
        *number += 1;
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        stream.write_all(&answer).unwrap();
    }
}
