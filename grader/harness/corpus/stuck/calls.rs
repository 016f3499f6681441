//! One thread in one call that waits for something to come.

use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::{AsFd, AsRawFd as _};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr as UnixAddress, UnixListener, UnixStream};

use rustix::event::{EventfdFlags, PollFd, PollFlags, epoll, poll};
use rustix::net::RecvFlags;

use crate::names::Connected;
use crate::raw;

pub(crate) fn receive(mut on: Connected) -> io::Result<()> {
    on.client.read_exact(&mut [0])
}

pub(crate) fn receive_a_whole_buffer(on: Connected) -> io::Result<()> {
    rustix::net::recv(&on.client, &mut [0; 64], RecvFlags::WAITALL)?;
    Ok(())
}

pub(crate) fn accept(on: Connected) -> io::Result<()> {
    on.listener.accept().map(drop)
}

fn wait_for(fd: impl AsFd) -> io::Result<()> {
    poll(&mut [PollFd::new(&fd, PollFlags::IN)], None)?;
    Ok(())
}

pub(crate) fn poll_for_ever(on: Connected) -> io::Result<()> {
    wait_for(&on.client)
}

pub(crate) fn select(on: Connected) -> io::Result<()> {
    raw::select(on.client.as_raw_fd(), None).map(drop)
}

fn watch(fd: impl AsFd, flags: epoll::EventFlags) -> io::Result<()> {
    let watched = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    epoll::add(&watched, fd, epoll::EventData::new_u64(0), flags)?;
    let mut events = [const { std::mem::MaybeUninit::uninit() }; 4];
    loop {
        epoll::wait(&watched, &mut events, None)?;
    }
}

pub(crate) fn epoll_for_ever(on: Connected) -> io::Result<()> {
    watch(&on.client, epoll::EventFlags::IN)
}

pub(crate) fn poll_nothing(_on: Connected) -> io::Result<()> {
    poll(&mut [], None)?;
    Ok(())
}

pub(crate) fn eventfd(_on: Connected) -> io::Result<()> {
    let event = rustix::event::eventfd(0, EventfdFlags::CLOEXEC)?;
    rustix::io::read(&event, &mut [0; 8])?;
    Ok(())
}

pub(crate) fn timer_not_set(_on: Connected) -> io::Result<()> {
    rustix::io::read(raw::timerfd(None)?, &mut [0; 8])?;
    Ok(())
}

pub(crate) fn own_pipe(_on: Connected) -> io::Result<()> {
    let (mut reader, _writer) = io::pipe()?;
    reader.read_exact(&mut [0])
}

pub(crate) fn standard_input(_on: Connected) -> io::Result<()> {
    io::stdin().read_line(&mut String::new()).map(drop)
}

pub(crate) fn unix_socket(_on: Connected) -> io::Result<()> {
    let (mut ours, _theirs) = UnixStream::pair()?;
    ours.read_exact(&mut [0])
}

/// One end of a pair is kept; the other is nobody's any more.
pub(crate) fn half_a_pair(on: Connected) -> io::Result<()> {
    let (_ours, theirs) = UnixStream::pair()?;
    drop(theirs);
    receive(on)
}

pub(crate) fn unix_listener(_on: Connected) -> io::Result<()> {
    let name = format!("stuck-{}", raw::own_pid());
    let listener = UnixListener::bind_addr(&UnixAddress::from_abstract_name(name)?)?;
    listener.accept().map(drop)
}

pub(crate) fn udp(_on: Connected) -> io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.recv_from(&mut [0; 16]).map(drop)
}

/// The message stays where it is.
pub(crate) fn unread_and_poll(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let _client = listener.accept()?;
    wait_for(&listener)
}

/// Told once of a message, and not again until more comes (`man 7 epoll`).
pub(crate) fn unread_and_edge(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let (client, _) = listener.accept()?;
    watch(&client, epoll::EventFlags::IN | epoll::EventFlags::ET)
}

pub(crate) fn never_accepts(address: SocketAddr) -> io::Result<()> {
    let _listener = TcpListener::bind(address)?;
    io::stdin().read_line(&mut String::new()).map(drop)
}
