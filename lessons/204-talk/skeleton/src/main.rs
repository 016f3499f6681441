//! 204 talk: a small netcat. It sends its standard input to a server and prints what the server sends.
//!
//! Run the checks with `cargo test -p talk`. The chapter is book/src/204-talk.md. The verbs are in
//! `rustix::net`: socket, connect, send, recv, shutdown.

use std::error::Error;
use std::net::SocketAddr;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::thread;

use rustix::fd::OwnedFd;

fn main() -> ExitCode {
    match talk() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("talk: {error}");
            ExitCode::FAILURE
        }
    }
}

fn talk() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args()
        .nth(1)
        .ok_or("usage: talk ADDRESS")?
        .parse()?;
    let connection = Arc::new(open(address)?);
    let sending = Arc::clone(&connection);
    // While this thread waits for the user, the main thread waits for the server.
    thread::spawn(move || {
        if let Err(error) = send_input(&sending) {
            eprintln!("talk: {error}");
            process::exit(1);
        }
    });
    print_answers(&connection)
}

/// A socket that is connected to `address`.
fn open(_address: SocketAddr) -> rustix::io::Result<OwnedFd> {
    todo!("make a socket of the address's family and connect it to the address, as in 203.")
}

/// Sends what comes on standard input, until its end, and then says that no more will come.
fn send_input(_connection: &OwnedFd) -> Result<(), Box<dyn Error>> {
    todo!(
        "read standard input into a buffer and send what came, all of it; again, until read returns 0. \
         Then shutdown of the sending half (Shutdown::Write)."
    )
}

/// Prints what the server sends, as it comes, until the server will send no more.
fn print_answers(_connection: &OwnedFd) -> Result<(), Box<dyn Error>> {
    todo!(
        "recv into a buffer, write what came to standard output, and flush; again, until recv returns 0."
    )
}
