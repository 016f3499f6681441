//! fails: threads-end
//! Starts a second thread for each client that watches over it, and forgets to tell it that the client has
//! left.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// Whether a client is to be sent away, and who waits to hear of it.
type SendAway = (Mutex<bool>, Condvar);

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = Arc::new(stream?);
        let watched = Arc::downgrade(&stream);
        let send_away = Arc::new(SendAway::default());
        thread::spawn(move || {
            wait(&send_away);
            watched
                .upgrade()
                .map(|stream| stream.shutdown(Shutdown::Both))
        });
        thread::spawn(move || serve(&stream));
    }
    Ok(())
}

fn wait((send_away, changed): &SendAway) {
    let guard = send_away.lock().unwrap_or_else(PoisonError::into_inner);
    let _guard = changed.wait_while(guard, |away| !*away);
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
