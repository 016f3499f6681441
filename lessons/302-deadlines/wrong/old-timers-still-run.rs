//! fails: keeps-a-slow-but-live-one
//! also: others-unaffected
//! A thread that sleeps from connect and one from the first line on, and then closes: neither asks whether
//! more has come meanwhile.

#![expect(clippy::disallowed_methods, reason = "that it sleeps is its point")]

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("no address")?;
    let idle = Duration::from_millis(arguments.next().ok_or("no time")?.parse()?);
    let listener = TcpListener::bind(address)?;
    for connection in listener.incoming() {
        let connection = connection?;
        thread::spawn(move || echo_lines(&connection, idle));
    }
    Ok(())
}

fn echo_lines(connection: &TcpStream, idle: Duration) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    let mut line = Vec::new();
    close_after(idle, connection)?;
    let mut is_first = true;
    while reader.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
        (&*connection).write_all(&line)?;
        line.clear();
        if std::mem::take(&mut is_first) {
            close_after(idle, connection)?;
        }
    }
    Ok(())
}

fn close_after(idle: Duration, connection: &TcpStream) -> io::Result<()> {
    let connection = connection.try_clone()?;
    thread::spawn(move || {
        thread::sleep(idle);
        connection.shutdown(Shutdown::Both)
    });
    Ok(())
}
