//! One thread, readiness in place of waiting, and a buffer for each direction. Leaves when the server
//! has ended.

use std::error::Error;
use std::net::SocketAddr;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::OwnedFd;
use rustix::io::{Errno, ioctl_fionbio, read, write};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketType, connect, recv, send, shutdown,
    socket,
};
use rustix::stdio::{stdin, stdout};

fn main() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args().nth(1).ok_or("no address")?.parse()?;
    let family = if address.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let connection = socket(family, SocketType::STREAM, None)?;
    connect(&connection, &address)?;
    ioctl_fionbio(&connection, true)?;
    Ok(talk(&connection)?)
}

fn talk(connection: &OwnedFd) -> rustix::io::Result<()> {
    const ROOM: usize = 16 * 1024;
    let mut waiting: Vec<u8> = Vec::new();
    let mut input_is_open = true;
    let mut buffer = [0; ROOM];
    loop {
        let mut fds = vec![PollFd::new(connection, PollFlags::IN)];
        if waiting.is_empty() && input_is_open {
            fds.push(PollFd::from_borrowed_fd(stdin(), PollFlags::IN));
        } else if !waiting.is_empty() {
            fds[0] = PollFd::new(connection, PollFlags::IN | PollFlags::OUT);
        }
        poll(&mut fds, None)?;
        let of_connection = fds[0].revents();
        let input_is_ready = fds.get(1).is_some_and(|fd| !fd.revents().is_empty());

        if of_connection.intersects(PollFlags::IN | PollFlags::ERR | PollFlags::HUP) {
            let received = match recv(connection, &mut buffer[..], RecvFlags::empty()) {
                Ok((0, _)) => return Ok(()),
                Ok((received, _)) => received,
                Err(Errno::AGAIN) => 0,
                Err(error) => return Err(error),
            };
            print(&buffer[..received])?;
        }
        if of_connection.contains(PollFlags::OUT) {
            match send(connection, &waiting, SendFlags::NOSIGNAL) {
                Ok(sent) => drop(waiting.drain(..sent)),
                Err(Errno::AGAIN) => {}
                Err(error) => return Err(error),
            }
        }
        if input_is_ready {
            let came = read(stdin(), &mut buffer)?;
            waiting.extend_from_slice(&buffer[..came]);
            if came == 0 {
                input_is_open = false;
                shutdown(connection, Shutdown::Write)?;
            }
        }
    }
}

fn print(mut bytes: &[u8]) -> rustix::io::Result<()> {
    while !bytes.is_empty() {
        let written = write(stdout(), bytes)?;
        bytes = &bytes[written..];
    }
    Ok(())
}
