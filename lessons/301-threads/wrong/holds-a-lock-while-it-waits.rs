//! fails: interleaved
//! also: last-come-first-served, a-stalled-client-stalls-nobody, two-hundred-at-once, threads-end, survives-a-reset
//! Takes the lock of the counters, and then waits for a line.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

type Counters = Mutex<HashMap<SocketAddr, u64>>;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let counters = Arc::new(Counters::default());
    for stream in listener.incoming() {
        let stream = stream?;
        let counters = Arc::clone(&counters);
        thread::spawn(move || serve(&stream, &counters));
    }
    Ok(())
}

fn serve(mut stream: &TcpStream, counters: &Counters) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    let address = stream.peer_addr()?;
    loop {
        line.clear();
        let mut counters = counters.lock().unwrap_or_else(PoisonError::into_inner);
        reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            counters.remove(&address);
            return Ok(());
        }
        let number = counters.entry(address).or_default();
        *number += 1;
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        stream.write_all(&answer)?;
    }
}
