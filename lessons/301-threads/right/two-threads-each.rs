//! Two threads for each client: one receives lines, the other sends answers; a channel between them
//! ends with the first, and then the second ends, too.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("threads: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        let stream = Arc::new(stream);
        // Few answers wait: a client that does not read is not read from.
        let (answers, to_send) = mpsc::sync_channel(16);
        let sending = Arc::clone(&stream);
        thread::spawn(move || send(&sending, &to_send));
        thread::spawn(move || receive(&stream, &answers));
    }
}

fn receive(stream: &TcpStream, answers: &SyncSender<Vec<u8>>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    for number in 1_u64.. {
        let mut answer = format!("{number} ").into_bytes();
        reader.read_until(b'\n', &mut answer)?;
        // It cannot be sent: the client has left, and the sender with it.
        if !answer.ends_with(b"\n") || answers.send(answer).is_err() {
            break;
        }
    }
    Ok(())
}

fn send(mut stream: &TcpStream, answers: &Receiver<Vec<u8>>) -> io::Result<()> {
    for answer in answers {
        stream.write_all(&answer)?;
    }
    Ok(())
}
