//! 302 deadlines: echoes lines, and closes a connection that has not completed a line for a while. A
//! thread for each client; each recv waits at most until the deadline.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

const USAGE: &str = "usage: deadlines ADDRESS IDLE_MS";

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deadlines: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or(USAGE)?;
    let idle = Duration::from_millis(arguments.next().ok_or(USAGE)?.parse()?);
    let listener = TcpListener::bind(address)?;
    loop {
        let (connection, _) = listener.accept()?;
        let serve_client = move || {
            // What goes wrong with one client ends its own thread, not the server.
            if let Err(error) = echo_lines(connection, idle) {
                eprintln!("deadlines: {error}");
            }
        };
        if let Err(error) = thread::Builder::new().spawn(serve_client) {
            eprintln!("deadlines: {error}");
        }
    }
}

/// Sends one client's lines back, until it ends or its time is over. Then the connection goes out of
/// scope, and that closes it.
fn echo_lines(mut connection: TcpStream, idle: Duration) -> io::Result<()> {
    let mut unfinished = Vec::new();
    let mut deadline = Instant::now() + idle;
    while let Some(received) = receive_until(deadline, &mut connection)? {
        unfinished.extend(received);
        let Some(newline) = unfinished.iter().rposition(|&byte| byte == b'\n') else {
            continue;
        };
        let lines: Vec<u8> = unfinished.drain(..=newline).collect();
        connection.write_all(&lines)?;
        deadline = Instant::now() + idle;
    }
    Ok(())
}

/// What comes next; none at the end, or where nothing comes before `deadline`.
fn receive_until(deadline: Instant, connection: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; 4096];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        connection.set_read_timeout(Some(left))?;
        match connection.read(&mut buffer) {
            Ok(0) => return Ok(None),
            Ok(received) => return Ok(Some(buffer[..received].to_vec())),
            // Look at the clock again: only the deadline says that it is over.
            Err(error) if is_timeout(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether recv gave up waiting. Linux says EAGAIN then, which Rust calls `WouldBlock`.
fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
