//! fails: trickle-buys-no-time
//! A timeout on the socket, and read_until above it: that calls recv again for each byte that comes.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
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

fn echo_lines(mut connection: &TcpStream, idle: Duration) -> io::Result<()> {
    connection.set_read_timeout(Some(idle))?;
    let mut reader = BufReader::new(connection);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        connection.write_all(&line)?;
        line.clear();
    }
    Ok(())
}
