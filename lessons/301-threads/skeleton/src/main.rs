//! 301 threads: answer each line with its number and itself, to any number of clients at a time.
//!
//! Run the checks with `cargo test -p threads`. The chapter is book/src/301-threads.md.

use std::error::Error;
use std::io::{self, BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("threads: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("usage: threads ADDRESS")?;
    let listener = TcpListener::bind(address)?;
    loop {
        let (connection, _) = listener.accept()?;
        serve_in_a_thread(connection)?;
    }
}

/// Starts a thread that serves this client, and does not wait for it.
fn serve_in_a_thread(connection: TcpStream) -> io::Result<()> {
    // Until there is a thread, the one that accepts does this, too: one client at a time.
    answer_lines(&connection)
}

/// Answers one client's lines until no more come.
fn answer_lines(connection: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    let mut number: u64 = 0;
    while let Some(line) = next_line(&mut reader)? {
        number += 1;
        send_answer(connection, number, &line)?;
    }
    Ok(())
}

/// The next line with its newline, or none where the client's input has ended.
fn next_line(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    todo!(
        "return Some(line) if it ends with a newline; otherwise the input has ended, perhaps in the \
         middle of a line: return None."
    )
}

/// The number, a space, and the line, in one piece.
fn send_answer(_connection: &TcpStream, _number: u64, _line: &[u8]) -> io::Result<()> {
    todo!("put the number, a space and the line into one Vec<u8>, and send all of it (write_all).")
}
