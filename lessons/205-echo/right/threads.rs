//! A thread for each client; std::io::copy receives and sends until the end.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
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
    for stream in TcpListener::bind(address)?.incoming() {
        let stream = stream?;
        thread::spawn(move || {
            if let Err(error) = echo(&stream) {
                eprintln!("echo: {error}");
            }
        });
    }
    Ok(())
}

fn echo(stream: &TcpStream) -> io::Result<u64> {
    // A reference can be read and written, too: one for each half of the connection.
    let (mut incoming, mut outgoing) = (stream, stream);
    io::copy(&mut incoming, &mut outgoing)
}
