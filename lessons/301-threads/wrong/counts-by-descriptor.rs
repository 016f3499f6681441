//! fails: counts-per-connection
//! Keeps a counter for each descriptor, and never takes one away. The next connection gets the number
//! of a descriptor that was closed.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

type Counters = Mutex<HashMap<RawFd, u64>>;

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
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(());
        }
        let number = {
            let mut counters = counters.lock().unwrap_or_else(PoisonError::into_inner);
            let counter = counters.entry(stream.as_raw_fd()).or_default();
            *counter += 1;
            *counter
        };
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        stream.write_all(&answer)?;
    }
}
