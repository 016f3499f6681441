//! fails: counts-per-connection
//! also: interleaved, two-hundred-at-once, last-come-first-served, a-stalled-client-stalls-nobody, survives-a-reset
//! Keeps a counter for each IP address, and all clients of one machine have the same.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

type Counters = Mutex<HashMap<IpAddr, u64>>;

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
    let address = stream.peer_addr()?.ip();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(());
        }
        let number = {
            let mut counters = counters.lock().unwrap_or_else(PoisonError::into_inner);
            let counter = counters.entry(address).or_default();
            *counter += 1;
            *counter
        };
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        stream.write_all(&answer)?;
    }
}
