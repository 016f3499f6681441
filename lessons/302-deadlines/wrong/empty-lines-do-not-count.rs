//! fails: keeps-a-slow-but-live-one
//! Takes an empty line for none: it sends nothing back and moves no deadline.

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
    let mut deadline = Instant::now() + idle;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        connection.set_read_timeout(Some(left))?;
        match connection.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(received) => unfinished.extend(&buffer[..received]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        }
        if let Some(newline) = unfinished.iter().rposition(|&byte| byte == b'\n') {
            let lines: Vec<u8> = unfinished.drain(..=newline).collect();
            if lines.trim_ascii().is_empty() {
                continue;
            }
            connection.write_all(&lines)?;
            deadline = Instant::now() + idle;
        }
    }
}
