//! 301 threads: answers each line with its number and itself, to any number of clients at a time: one
//! thread waits for new ones, and each of them has a thread of its own.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;

/// How many bytes a line may have, its newline among them. A client's word is no reason to make room
/// for more.
const LONGEST: u64 = 65_537;

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
        // No more threads to be had: this client is sent away, and the others are served on.
        if let Err(error) = serve_in_a_thread(connection) {
            eprintln!("threads: {error}");
        }
    }
}

/// Starts a thread that serves this client, and does not wait for it.
fn serve_in_a_thread(connection: TcpStream) -> io::Result<()> {
    let serve = move || {
        // What goes wrong with one client ends its own thread, not the server.
        if let Err(error) = answer_lines(&connection) {
            eprintln!("threads: {error}");
        }
    };
    // The handle could be joined. Nobody has to: the thread ends when its client leaves.
    let _handle = thread::Builder::new().spawn(serve)?;
    Ok(())
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

/// The next line with its newline; none where the input has ended, or goes on for too long.
fn next_line(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.take(LONGEST).read_until(b'\n', &mut line)?;
    Ok(line.ends_with(b"\n").then_some(line))
}

/// The number, a space, and the line, in one piece.
fn send_answer(mut connection: &TcpStream, number: u64, line: &[u8]) -> io::Result<()> {
    let mut answer = format!("{number} ").into_bytes();
    answer.extend(line);
    connection.write_all(&answer)
}
