//! Two threads for each connection: one receives, the other sends what the first hands over. When no
//! more will come, the sending half is ended (shutdown), after all that was still to be sent.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("echo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = echo(&stream) {
            eprintln!("echo: {error}");
        }
    }
}

fn echo(stream: &TcpStream) -> io::Result<()> {
    // Few messages wait: a client that does not read is not read from.
    let (handover, messages) = mpsc::sync_channel::<Vec<u8>>(16);
    thread::scope(|scope| {
        let sender = scope.spawn(move || send(stream, messages));
        let received = receive(stream, &handover);
        // That ends the sender's loop: no more messages will come.
        drop(handover);
        let sent = sender.join().unwrap_or(Ok(()));
        received.and(sent)
    })
}

fn receive(mut stream: &TcpStream, handover: &mpsc::SyncSender<Vec<u8>>) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let received = stream.read(&mut buffer)?;
        // Zero bytes are the end; and nobody takes messages any more once the sender has failed.
        if received == 0 || handover.send(buffer[..received].to_vec()).is_err() {
            return Ok(());
        }
    }
}

fn send(mut stream: &TcpStream, messages: mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    for message in messages {
        stream.write_all(&message)?;
    }
    stream.shutdown(Shutdown::Write)
}
