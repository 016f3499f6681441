//! fails: trickle-buys-no-time
//! A client has to say who it is before a deadline; from then on each recv has a timeout, which every
//! byte begins anew.

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
    let mut unfinished = Vec::new();
    let mut buffer = [0; 4096];
    let deadline = Instant::now() + idle;
    let mut has_spoken = false;
    loop {
        let left = if has_spoken {
            idle
        } else {
            deadline.saturating_duration_since(Instant::now())
        };
        if left.is_zero() {
            return Ok(());
        }
        connection.set_read_timeout(Some(left))?;
        match connection.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(received) => unfinished.extend(&buffer[..received]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
        if let Some(newline) = unfinished.iter().rposition(|&byte| byte == b'\n') {
            let lines: Vec<u8> = unfinished.drain(..=newline).collect();
            connection.write_all(&lines)?;
            has_spoken = true;
        }
    }
}
