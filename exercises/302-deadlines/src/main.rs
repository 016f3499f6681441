//! 302 deadlines: echo lines, and close a connection that has not completed a line for IDLE_MS
//! milliseconds.
//!
//! Run the checks with `cargo test -p deadlines`. The chapter is book/src/302-deadlines.md.

use std::error::Error;
use std::io;
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
    let idle = milliseconds(&arguments.next().ok_or(USAGE)?)?;
    let listener = TcpListener::bind(address)?;
    loop {
        let (connection, _) = listener.accept()?;
        // A thread for each client, as in 301.
        thread::spawn(move || {
            if let Err(error) = echo_lines(connection, idle) {
                eprintln!("deadlines: {error}");
            }
        });
    }
}

/// The time that IDLE_MS stands for.
fn milliseconds(_text: &str) -> Result<Duration, Box<dyn Error>> {
    todo!("parse the text as a number (u64), and make a Duration of so many milliseconds.")
}

/// Sends one client's lines back, until it ends or has not completed a line for `idle`.
fn echo_lines(mut connection: TcpStream, idle: Duration) -> io::Result<()> {
    let deadline = Instant::now() + idle;
    while let Some(_received) = receive_until(deadline, &mut connection)? {
        todo!(
            "keep what was received until there is a newline in it. Then send back all up to the last \
             newline, keep the rest, and move the deadline."
        );
    }
    Ok(())
}

/// What comes next; none at the end, or where nothing comes before `deadline`.
fn receive_until(_deadline: Instant, _connection: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    todo!(
        "in a loop: ask the clock how much time is left until the deadline; none is: return Ok(None). \
         Give what is left to set_read_timeout, and read. Where read says WouldBlock, go round once more."
    )
}
