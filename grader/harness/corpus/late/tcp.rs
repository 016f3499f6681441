//! What only TCP's own timers bring forward: acknowledgements that are delayed, probes of a window,
//! limits of the connection.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::net::sockopt::{set_socket_linger, set_socket_send_buffer_size, set_tcp_user_timeout};
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, listen, socket_with};

use crate::serve::LATE;

/// Both ends of a connection.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    Ok((client, listener.accept()?.0))
}

/// A conversation to and fro has both ends delay their acknowledgements, hoping to save them.
fn talk(mut a: &TcpStream, mut b: &TcpStream) -> io::Result<()> {
    for _ in 0..4 {
        a.write_all(b"?")?;
        b.read_exact(&mut [0])?;
        b.write_all(b"!")?;
        a.read_exact(&mut [0])?;
    }
    Ok(())
}

/// Two short writes and a read: the second waits for the acknowledgement of the first (Nagle, RFC
/// 9293 §3.7.4), and that is delayed (§3.8.6.3).
pub(crate) fn nagle(_client: &TcpStream) -> io::Result<()> {
    let (mut asking, mut helper) = pair()?;
    thread::spawn(move || -> io::Result<()> {
        loop {
            helper.read_exact(&mut [0; 2])?;
            helper.write_all(b"!")?;
        }
    });
    let begin = Instant::now();
    while begin.elapsed() < LATE {
        asking.write_all(b"1")?;
        asking.write_all(b"2")?;
        asking.read_exact(&mut [0])?;
    }
    Ok(())
}

/// As much as fills the smallest send buffer.
const FULL: [u8; 4096] = [0; 4096];

/// A connection with room for one message, whose receiver acknowledges late and never receives.
fn with_little_room() -> io::Result<(TcpStream, TcpStream)> {
    let (sender, receiver) = pair()?;
    talk(&sender, &receiver)?;
    set_socket_send_buffer_size(&sender, 0)?;
    sender.set_nodelay(true)?;
    Ok((sender, receiver))
}

pub(crate) fn delayed_ack_send(_client: &TcpStream) -> io::Result<()> {
    let (mut sender, _receiver) = with_little_room()?;
    let begin = Instant::now();
    while begin.elapsed() < LATE {
        sender.write_all(&FULL)?;
    }
    Ok(())
}

pub(crate) fn delayed_ack_poll(_client: &TcpStream) -> io::Result<()> {
    let (mut sender, _receiver) = with_little_room()?;
    sender.set_nonblocking(true)?;
    let begin = Instant::now();
    while begin.elapsed() < LATE {
        match sender.write(&FULL) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                poll(&mut [PollFd::new(&sender, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A connection that takes no more.
fn full() -> io::Result<(TcpStream, TcpStream)> {
    let (mut sender, receiver) = pair()?;
    sender.set_nonblocking(true)?;
    loop {
        match sender.write(&[0; 1 << 14]) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    sender.set_nonblocking(false)?;
    Ok((sender, receiver))
}

/// The connection is given up when nobody has made room for a while (RFC 5482).
pub(crate) fn user_timeout(_client: &TcpStream) -> io::Result<()> {
    let (mut sender, _receiver) = full()?;
    let limit = u32::try_from(LATE.as_millis()).unwrap_or(u32::MAX);
    set_tcp_user_timeout(&sender, limit)?;
    match sender.write_all(&vec![0; 1 << 22]) {
        Err(error) if error.kind() == ErrorKind::TimedOut => Ok(()),
        _ => Err(io::Error::other("it was not given up")),
    }
}

/// `close` waits until all has been taken, or a second.
pub(crate) fn linger(_client: &TcpStream) -> io::Result<()> {
    let (sender, _receiver) = full()?;
    set_socket_linger(&sender, Some(Duration::from_secs(1)))?;
    drop(sender);
    Ok(())
}

/// The first SYN is dropped, and the next one comes a second later.
pub(crate) fn connect_to_a_full_queue(_client: &TcpStream) -> io::Result<()> {
    let open = || {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)
    };
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listen(&listener, 0)?;
    let address = listener.local_addr()?;
    let first = TcpStream::connect(address)?;
    let second = open()?;
    match connect(&second, &address) {
        Ok(()) | Err(Errno::INPROGRESS) => {}
        Err(error) => return Err(error.into()),
    }
    drop(listener.accept()?);
    poll(&mut [PollFd::new(&second, PollFlags::OUT)], None)?;
    drop(first);
    Ok(())
}
