//! Helpers in another process or thread, behind a link of every kind.
#![expect(
    clippy::disallowed_methods,
    reason = "these programs are about sleeping"
)]

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsFd;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::thread::{self, sleep};

use rustix::event::{EventfdFlags, eventfd as new_eventfd};

use crate::raw;
use crate::readiness::wait_for_any;
use crate::serve::LATE;

fn write(fd: impl AsFd, bytes: &[u8]) -> io::Result<()> {
    rustix::io::write(fd, bytes)?;
    Ok(())
}

/// A path of this process's own.
fn path(kind: &str) -> PathBuf {
    std::env::temp_dir().join(format!("late-{}-{kind}", raw::own_pid()))
}

pub(crate) fn eventfd(_client: &TcpStream) -> io::Result<()> {
    let event = new_eventfd(0, EventfdFlags::CLOEXEC)?;
    let pid = raw::fork(|| {
        sleep(LATE);
        write(&event, &1_u64.to_ne_bytes())
    })?;
    wait_for_any(&event)?;
    raw::wait_for(pid)
}

pub(crate) fn socketpair(_client: &TcpStream) -> io::Result<()> {
    let (mut ours, theirs) = UnixStream::pair()?;
    let pid = raw::fork(|| {
        sleep(LATE);
        write(&theirs, b"!")
    })?;
    ours.read_exact(&mut [0])?;
    raw::wait_for(pid)
}

/// The end that a child held is nobody's when its parent, who waits at the other, is woken.
pub(crate) fn socketpair_that_ends(_client: &TcpStream) -> io::Result<()> {
    let (mut ours, theirs) = UnixStream::pair()?;
    let pid = raw::fork(|| {
        sleep(LATE);
        Ok(())
    })?;
    drop(theirs);
    ours.read_to_end(&mut Vec::new())?;
    raw::wait_for(pid)
}

/// A process that accepts once, sleeps, and answers.
fn ask_helper(listener: &UnixListener, address: &SocketAddr) -> io::Result<()> {
    let pid = raw::fork(|| {
        let (client, _) = listener.accept()?;
        sleep(LATE);
        write(&client, b"!")
    })?;
    UnixStream::connect_addr(address)?.read_exact(&mut [0])?;
    raw::wait_for(pid)
}

pub(crate) fn abstract_helper(_client: &TcpStream) -> io::Result<()> {
    let address = SocketAddr::from_abstract_name(path("helper").as_os_str().as_encoded_bytes())?;
    ask_helper(&UnixListener::bind_addr(&address)?, &address)
}

pub(crate) fn path_helper(_client: &TcpStream) -> io::Result<()> {
    let path = path("socket");
    let address = SocketAddr::from_pathname(&path)?;
    let asked = UnixListener::bind_addr(&address).and_then(|l| ask_helper(&l, &address));
    std::fs::remove_file(path)?;
    asked
}

pub(crate) fn datagram_helper(_client: &TcpStream) -> io::Result<()> {
    let (ours, theirs) = UnixDatagram::pair()?;
    let pid = raw::fork(|| {
        theirs.recv(&mut [0; 8])?;
        sleep(LATE);
        theirs.send(b"!").map(drop)
    })?;
    ours.send(b"?")?;
    ours.recv(&mut [0; 8])?;
    raw::wait_for(pid)
}

pub(crate) fn shared_futex(_client: &TcpStream) -> io::Result<()> {
    let word = raw::shared_word()?;
    let pid = raw::fork(|| {
        sleep(LATE);
        word.store(1, Ordering::Release);
        raw::futex_wake(word);
        Ok(())
    })?;
    while word.load(Ordering::Acquire) == 0 {
        raw::futex_wait(word);
    }
    raw::wait_for(pid)
}

pub(crate) fn named_pipe(_client: &TcpStream) -> io::Result<()> {
    let path = path("pipe");
    std::process::Command::new("mkfifo").arg(&path).status()?;
    let pid = raw::fork(|| {
        let mut pipe = File::options().write(true).open(&path)?;
        sleep(LATE);
        pipe.write_all(b"!")
    })?;
    let received = File::open(&path).and_then(|mut pipe| pipe.read_exact(&mut [0]));
    std::fs::remove_file(path)?;
    received?;
    raw::wait_for(pid)
}

pub(crate) fn tcp_helper(_client: &TcpStream) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut asking = TcpStream::connect(listener.local_addr()?)?;
    thread::spawn(move || -> io::Result<()> {
        let (mut helper, _) = listener.accept()?;
        helper.read_exact(&mut [0])?;
        sleep(LATE);
        helper.write_all(b"!")
    });
    asking.write_all(b"?")?;
    asking.read_exact(&mut [0])
}

pub(crate) fn udp_helper(_client: &TcpStream) -> io::Result<()> {
    let helper = UdpSocket::bind("127.0.0.1:0")?;
    let asking = UdpSocket::bind("127.0.0.1:0")?;
    asking.connect(helper.local_addr()?)?;
    asking.send(b"?")?;
    thread::spawn(move || -> io::Result<()> {
        let (_, from) = helper.recv_from(&mut [0; 8])?;
        sleep(LATE);
        helper.send_to(b"!", from).map(drop)
    });
    asking.recv(&mut [0; 8]).map(drop)
}
