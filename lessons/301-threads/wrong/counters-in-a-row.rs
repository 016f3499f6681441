//! fails: interleaved
//! Keeps the counters in a list, and the place in it for each client. When one leaves, those behind move
//! up, and nobody tells them.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

type Counters = Mutex<Vec<u64>>;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let counters = Arc::new(Counters::default());
    for stream in listener.incoming() {
        let stream = stream?;
        let place = {
            let mut counters = lock(&counters);
            counters.push(0);
            counters.len() - 1
        };
        let counters = Arc::clone(&counters);
        thread::spawn(move || {
            let _ = serve(&stream, &counters, place);
            lock(&counters).remove(place);
        });
    }
    Ok(())
}

fn lock(counters: &Counters) -> MutexGuard<'_, Vec<u64>> {
    counters.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut stream: &TcpStream, counters: &Counters, place: usize) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(());
        }
        let number = {
            let mut counters = lock(counters);
            counters[place] += 1;
            counters[place]
        };
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        stream.write_all(&answer)?;
    }
}
