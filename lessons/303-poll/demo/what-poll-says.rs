//! What poll says of a socket, in each state of a connection.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::set_socket_linger;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    tell("listener, nobody there", &listener)?;
    let mut alice = TcpStream::connect(listener.local_addr()?)?;
    wait_for(PollFlags::IN, &listener)?;
    tell("listener, a client in its queue", &listener)?;

    let (mut server, _) = listener.accept()?;
    server.set_nonblocking(true)?;
    tell("a new connection", &server)?;
    alice.write_all(b"hello")?;
    wait_for(PollFlags::IN, &server)?;
    tell("hello has arrived", &server)?;
    tell("the same again", &server)?;
    let mut buffer = [0; 4096];
    let received = server.read(&mut buffer)?;
    tell(&format!("{received} bytes received"), &server)?;

    while server.write(&[0; 4096]).is_ok() {}
    tell("alice does not read: it is full", &server)?;
    alice.shutdown(Shutdown::Write)?;
    wait_for(PollFlags::IN, &server)?;
    tell("alice has ended her half", &server)?;
    // Closed with a linger time of zero, a connection is reset.
    set_socket_linger(&alice, Some(Duration::ZERO))?;
    drop(alice);
    wait_for(PollFlags::HUP, &server)?;
    tell("alice has reset the connection", &server)
}

/// Asks poll, without waiting, for both directions.
fn tell(when: &str, socket: &impl AsFd) -> io::Result<()> {
    let mut fds = [PollFd::new(socket, PollFlags::IN | PollFlags::OUT)];
    poll(&mut fds, Some(&Timespec::default()))?;
    println!("{when:<33}{:?}", fds[0].revents());
    Ok(())
}

/// What was sent needs a moment to arrive.
fn wait_for(flags: PollFlags, socket: &impl AsFd) -> io::Result<()> {
    poll(&mut [PollFd::new(socket, flags)], None)?;
    Ok(())
}
