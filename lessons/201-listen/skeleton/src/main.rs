//! 201 listen: bind an address, listen, say where, and wait for the end of your input.
//!
//! Run the checks with `cargo test -p listen`. The chapter is book/src/201-listen.md.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("listen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments
        .next()
        .ok_or("usage: listen ADDRESS [BACKLOG]")?
        .parse()?;
    let backlog: i32 = match arguments.next() {
        Some(number) => number.parse()?,
        None => 128,
    };
    let listener = open(address, backlog)?;
    announce(&listener)?;
    wait_for_the_end_of_input()?;
    Ok(())
}

/// A socket that listens on `address`, with room for `backlog` connections in its accept queue.
fn open(_address: SocketAddr, _backlog: i32) -> rustix::io::Result<OwnedFd> {
    todo!("three calls of rustix::net, and a ? behind each: socket, bind, listen.")
}

/// Prints `listening on IP:PORT`, with the port that it really is.
fn announce(_listener: &OwnedFd) -> rustix::io::Result<()> {
    todo!("getsockname says which address the socket has. Print it with println!.")
}

/// Reads standard input until there is nothing more to read.
fn wait_for_the_end_of_input() -> io::Result<()> {
    todo!("read from io::stdin() until it ends. io::copy into io::sink() does that.")
}
