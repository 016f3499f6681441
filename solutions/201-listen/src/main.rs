//! 201 listen: binds an address, listens, says where, and waits for the end of its input.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

use rustix::fd::OwnedFd;
use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

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
    println!("listening on {}", real_address(&listener)?);
    wait_for_the_end_of_input()?;
    // Here the listener goes out of scope, which closes it.
    Ok(())
}

/// A socket that listens on `address`, with room for `backlog` connections in its accept queue.
fn open(address: SocketAddr, backlog: i32) -> rustix::io::Result<OwnedFd> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, backlog)?;
    Ok(listener)
}

/// Where it listens: whoever asks for port 0 gets a port of the kernel's choice.
fn real_address(listener: &OwnedFd) -> rustix::io::Result<SocketAddr> {
    SocketAddr::try_from(getsockname(listener)?)
}

/// Reads until there is nothing more to read, and forgets what it was.
fn wait_for_the_end_of_input() -> io::Result<()> {
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
