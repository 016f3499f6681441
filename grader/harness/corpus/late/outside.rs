//! Programs that wait for somebody outside, who is late: a server on the same machine, a process that
//! is none of theirs.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::readiness::wait_for_any;

pub(crate) fn ask_tcp(who: &str) -> io::Result<()> {
    let mut server = TcpStream::connect(who)?;
    server.write_all(b"?")?;
    server.read_exact(&mut [0])
}

pub(crate) fn ask_udp(who: &str) -> io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(who)?;
    socket.send(b"?")?;
    socket.recv(&mut [0]).map(drop)
}

pub(crate) fn ask_unix(who: &str) -> io::Result<()> {
    let mut server = UnixStream::connect(who)?;
    server.write_all(b"?")?;
    server.read_exact(&mut [0])
}

pub(crate) fn watch_process(who: &str) -> io::Result<()> {
    let pid = who.parse().ok().and_then(Pid::from_raw);
    let pid = pid.ok_or(io::ErrorKind::InvalidInput)?;
    // It may have ended before we came to watch it.
    pidfd_open(pid, PidfdFlags::empty()).map_or(Ok(()), |process| wait_for_any(&process))
}
