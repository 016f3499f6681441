//! A thread for each client that only echoes, and one that looks every few milliseconds whose time is
//! over, and ends that connection from outside.

#![expect(clippy::disallowed_methods, reason = "the watchdog's clock")]

use std::collections::HashMap;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Each client's connection, and when its time is over.
#[derive(Default)]
struct Clients(Mutex<HashMap<u64, (TcpStream, Instant)>>);

impl Clients {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, (TcpStream, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the connections of those whose time is over: their threads see the end and leave.
    fn watch(&self, pause: Duration) {
        loop {
            thread::sleep(pause);
            let now = Instant::now();
            for (connection, deadline) in self.lock().values() {
                // One that has left already needs no end.
                if *deadline <= now && connection.shutdown(Shutdown::Both).is_err() {
                    eprintln!("a client has left just before its end");
                }
            }
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("no address")?;
    let idle = Duration::from_millis(arguments.next().ok_or("no time")?.parse()?);
    let listener = TcpListener::bind(address)?;
    let clients = Arc::new(Clients::default());
    let watched = Arc::clone(&clients);
    thread::spawn(move || watched.watch(idle / 20));
    for (number, connection) in (0..).zip(listener.incoming()) {
        let connection = connection?;
        let clients = Arc::clone(&clients);
        thread::spawn(move || {
            if let Err(error) = echo_lines(&connection, number, idle, &clients) {
                eprintln!("{error}");
            }
            clients.lock().remove(&number);
        });
    }
    Ok(())
}

fn echo_lines(
    mut connection: &TcpStream,
    number: u64,
    idle: Duration,
    clients: &Clients,
) -> io::Result<()> {
    let kept = connection.try_clone()?;
    clients.lock().insert(number, (kept, Instant::now() + idle));
    let mut reader = BufReader::new(connection);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
        connection.write_all(&line)?;
        line.clear();
        if let Some((_, deadline)) = clients.lock().get_mut(&number) {
            *deadline = Instant::now() + idle;
        }
    }
    Ok(())
}
