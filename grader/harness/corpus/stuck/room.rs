//! Senders for whom nobody makes room.

use std::io::{self, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};

use crate::names::Connected;

fn write_without_end(mut to: impl Write) -> io::Result<()> {
    loop {
        to.write_all(&[0; 1 << 14])?;
    }
}

pub(crate) fn pipe(_on: Connected) -> io::Result<()> {
    let (_reader, writer) = io::pipe()?;
    write_without_end(writer)
}

pub(crate) fn unix_socket(_on: Connected) -> io::Result<()> {
    let (ours, _theirs) = UnixStream::pair()?;
    write_without_end(ours)
}

/// Both ends of a connection.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    Ok((client, listener.accept()?.0))
}

pub(crate) fn connection(_on: Connected) -> io::Result<()> {
    let (sender, _receiver) = pair()?;
    write_without_end(sender)
}

pub(crate) fn connection_poll(_on: Connected) -> io::Result<()> {
    let (sender, _receiver) = pair()?;
    sender.set_nonblocking(true)?;
    loop {
        match write_without_end(&sender) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                poll(&mut [PollFd::new(&sender, PollFlags::OUT)], None)?;
            }
            other => return other,
        }
    }
}
