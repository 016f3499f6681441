//! fails: closes-an-idle-client
//! also: silent-from-the-start, trickle-buys-no-time, others-unaffected, orderly-end
//! Echoes lines as 301 did, and waits for each as long as it takes.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("no address")?;
    let listener = TcpListener::bind(address)?;
    for connection in listener.incoming() {
        let connection = connection?;
        thread::spawn(move || echo_lines(&connection));
    }
    Ok(())
}

fn echo_lines(mut connection: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        connection.write_all(&line)?;
        line.clear();
    }
    Ok(())
}
