//! fails: last-come-first-served
//! also: two-hundred-at-once, threads-end, survives-a-reset
//! Four threads that take turns in getting the next client: the fifth client waits until the first one
//! has left.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Sender};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let workers = [(); 4].map(|()| start_worker());
    for (stream, worker) in listener.incoming().zip(workers.iter().cycle()) {
        worker.send(stream?).map_err(io::Error::other)?;
    }
    Ok(())
}

fn start_worker() -> Sender<TcpStream> {
    let (hand_over, clients) = mpsc::channel();
    thread::spawn(move || {
        for stream in clients {
            // What goes wrong with one client is no other's trouble.
            let _ = serve(&stream);
        }
    });
    hand_over
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
