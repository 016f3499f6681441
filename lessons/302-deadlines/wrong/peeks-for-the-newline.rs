//! fails: orderly-end
//! Only looks at what has come until there is a newline: half a line is unread when it closes, and the
//! kernel resets the connection.

#![expect(clippy::disallowed_methods, reason = "it looks again and again")]

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("no address")?;
    let idle = Duration::from_millis(arguments.next().ok_or("no time")?.parse()?);
    let listener = TcpListener::bind(address)?;
    for connection in listener.incoming() {
        let connection = connection?;
        thread::spawn(move || echo_lines(connection, idle));
    }
    Ok(())
}

fn echo_lines(mut connection: TcpStream, idle: Duration) -> io::Result<()> {
    const PAUSE: Duration = Duration::from_millis(10);
    let mut buffer = [0; 4096];
    let mut deadline = Instant::now() + idle;
    connection.set_read_timeout(Some(PAUSE))?;
    while Instant::now() < deadline {
        let seen = match connection.peek(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(seen) => seen,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        };
        let Some(newline) = buffer[..seen].iter().rposition(|&byte| byte == b'\n') else {
            thread::sleep(PAUSE);
            continue;
        };
        connection.read_exact(&mut buffer[..=newline])?;
        connection.write_all(&buffer[..=newline])?;
        deadline = Instant::now() + idle;
    }
    Ok(())
}
