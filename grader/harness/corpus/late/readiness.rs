//! Waiting for descriptors with a time limit: of the call, or of the socket.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd as _};
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, Timespec, epoll, poll};
use rustix::net::RecvFlags;

use crate::raw;
use crate::serve::LATE;

fn limit() -> Timespec {
    Timespec {
        tv_sec: 0,
        tv_nsec: LATE.subsec_nanos().into(),
    }
}

/// Waits until `fd` is readable, however long that takes.
pub(crate) fn wait_for_any(fd: &impl AsFd) -> io::Result<()> {
    poll(&mut [PollFd::new(fd, PollFlags::IN)], None)?;
    Ok(())
}

pub(crate) fn poll_timeout(client: &TcpStream) -> io::Result<()> {
    poll(&mut [PollFd::new(client, PollFlags::IN)], Some(&limit()))?;
    Ok(())
}

pub(crate) fn poll_nothing(_client: &TcpStream) -> io::Result<()> {
    poll(&mut [], Some(&limit()))?;
    Ok(())
}

pub(crate) fn select_timeout(client: &TcpStream) -> io::Result<()> {
    raw::select(client.as_raw_fd(), Some(LATE)).map(drop)
}

pub(crate) fn epoll_timeout(client: &TcpStream) -> io::Result<()> {
    let watched = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    epoll::add(
        &watched,
        client,
        epoll::EventData::new_u64(0),
        epoll::EventFlags::IN,
    )?;
    let mut events = [const { std::mem::MaybeUninit::uninit() }; 4];
    epoll::wait(&watched, &mut events, Some(&limit()))?;
    Ok(())
}

/// What a limit on a socket ends with.
fn timed_out<T>(result: io::Result<T>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(io::Error::other("the limit was not reached")),
    }
}

pub(crate) fn receive_timeout(mut client: &TcpStream) -> io::Result<()> {
    client.set_read_timeout(Some(LATE))?;
    timed_out(client.read(&mut [0; 16]))?;
    client.set_read_timeout(None)
}

pub(crate) fn receive_whole_timeout(client: &TcpStream) -> io::Result<()> {
    client.set_read_timeout(Some(LATE))?;
    let received = rustix::net::recv(client, &mut [0; 16], RecvFlags::WAITALL);
    timed_out(received.map_err(io::Error::from))?;
    client.set_read_timeout(None)
}

pub(crate) fn accept_timeout(_client: &TcpStream) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    rustix::net::sockopt::set_socket_timeout(
        &listener,
        rustix::net::sockopt::Timeout::Recv,
        Some(LATE),
    )?;
    timed_out(listener.accept())
}

pub(crate) fn send_timeout(_client: &TcpStream) -> io::Result<()> {
    let (mut ours, _theirs) = UnixStream::pair()?;
    ours.set_write_timeout(Some(LATE))?;
    timed_out(ours.write_all(&vec![0; 1 << 22]))
}
