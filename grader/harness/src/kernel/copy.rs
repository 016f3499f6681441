//! Asking about a socket of another process, by a copy of its descriptor (`man 2 pidfd_getfd`).

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd};

use rustix::io::Errno;
use rustix::net::sockopt::{socket_domain, socket_type};
use rustix::net::{AddressFamily, RecvFlags, SocketType, getsockname, recv};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use super::ThreadRow;
use crate::closing::closing;

/// Asks about descriptor `fd` of process `pid`.
pub(crate) fn ask<T>(
    pid: i32,
    fd: i32,
    question: impl FnOnce(BorrowedFd<'_>) -> rustix::io::Result<T>,
) -> io::Result<T> {
    ask_by(pid, PidfdFlags::empty(), fd, question)
}

fn ask_by<T>(
    id: i32,
    flags: PidfdFlags,
    fd: i32,
    question: impl FnOnce(BorrowedFd<'_>) -> rustix::io::Result<T>,
) -> io::Result<T> {
    // A copy of the copy, held by a program that is being started, would keep open what this
    // program closes.
    let _no_copies = closing();
    let id = Pid::from_raw(id).ok_or(io::ErrorKind::InvalidInput)?;
    let pidfd = pidfd_open(id, flags)?;
    let copy = pidfd_getfd(&pidfd, fd, PidfdGetfdFlags::empty())?;
    Ok(question(copy.as_fd())?)
}

/// Asks about descriptor `fd` of one thread, which may have descriptors of its own.
pub(crate) fn ask_thread<T>(
    thread: &ThreadRow,
    fd: i32,
    question: impl FnOnce(BorrowedFd<'_>) -> rustix::io::Result<T>,
) -> io::Result<T> {
    let of_process = std::fs::read_link(format!("/proc/{}/fd/{fd}", thread.pid));
    let of_thread = std::fs::read_link(thread.file(&format!("fd/{fd}")))?;
    if of_process.is_ok_and(|of_process| of_process == of_thread) {
        return ask(thread.pid, fd, question);
    }
    // PIDFD_THREAD, since Linux 6.9: a handle of the thread, not of its process.
    let of_a_thread = PidfdFlags::from_bits_retain(libc::O_EXCL.cast_unsigned());
    ask_by(thread.tid, of_a_thread, fd, question)
}

/// A TCP socket that is in none of the kernel's tables: fresh, bound and nothing more, or what is
/// left of a connection that is over.
pub(crate) struct IdleSocket {
    /// The address that it is bound to; port 0 where it is not.
    pub(crate) local: SocketAddr,
    /// Whether it was connected once.
    pub(crate) was_connected: bool,
}

/// The idle TCP socket behind a descriptor, if it is one.
pub(crate) fn idle_tcp_socket(pid: i32, fd: i32) -> Option<IdleSocket> {
    let answers = ask(pid, fd, |socket| {
        Ok((
            socket_domain(socket)?,
            socket_type(socket)?,
            getsockname(socket)?,
            has_ended(socket),
        ))
    });
    match answers.ok()? {
        (AddressFamily::INET | AddressFamily::INET6, SocketType::STREAM, name, was_connected) => {
            let local = SocketAddr::try_from(name).ok()?;
            Some(IdleSocket {
                local,
                was_connected,
            })
        }
        _ => None,
    }
}

/// Of a socket that is idle: whether it was connected once. Only one that never was says ENOTCONN to
/// who receives from it (`man 2 recv`); a look (MSG_PEEK) takes nothing away but a pending error.
fn has_ended(socket: BorrowedFd<'_>) -> bool {
    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    recv(socket, &mut [0; 1], flags).err() != Some(Errno::NOTCONN)
}
