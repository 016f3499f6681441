//! io_uring: a timer that no descriptor and no system call of the program's shows. Where the kernel
//! does not offer it, a sleep takes its place.
#![expect(
    clippy::disallowed_methods,
    reason = "these programs are about sleeping"
)]

use std::io;
use std::mem::ManuallyDrop;
use std::net::TcpStream;
use std::os::fd::{AsFd as _, AsRawFd as _};

use io_uring::{IoUring, opcode, squeue, types};
use rustix::event::{EventfdFlags, eventfd as new_eventfd};

use crate::raw;
use crate::serve::LATE;

/// A ring with a timeout in it; none where rings are forbidden.
fn ring() -> io::Result<Option<IoUring>> {
    let Ok(ring) = IoUring::new(4) else {
        std::thread::sleep(LATE);
        return Ok(None);
    };
    Ok(Some(ring))
}

/// Begins to wait; the answer comes after a while.
fn begin(ring: &mut IoUring, time: &types::Timespec) -> io::Result<()> {
    push(ring, &opcode::Timeout::new(time).build())?;
    ring.submit().map(drop)
}

#[expect(unsafe_code, reason = "the kernel reads what the entry points to")]
fn push(ring: &mut IoUring, entry: &squeue::Entry) -> io::Result<()> {
    // SAFETY: each caller keeps the time alive until it has passed.
    unsafe { ring.submission().push(entry) }.map_err(io::Error::other)
}

fn time() -> types::Timespec {
    types::Timespec::from(LATE)
}

pub(crate) fn timeout(_client: &TcpStream) -> io::Result<()> {
    let Some(mut ring) = ring()? else {
        return Ok(());
    };
    let time = time();
    begin(&mut ring, &time)?;
    ring.submit_and_wait(1).map(drop)
}

/// The end of the time is told through an eventfd.
pub(crate) fn eventfd(_client: &TcpStream) -> io::Result<()> {
    let Some(mut ring) = ring()? else {
        return Ok(());
    };
    let event = new_eventfd(0, EventfdFlags::CLOEXEC)?;
    ring.submitter().register_eventfd(event.as_raw_fd())?;
    let time = time();
    begin(&mut ring, &time)?;
    rustix::io::read(event.as_fd(), &mut [0; 8])?;
    Ok(())
}

/// The same, with the ring's descriptor closed: only its memory is left to be seen.
pub(crate) fn hidden(_client: &TcpStream) -> io::Result<()> {
    let Some(ring) = ring()? else { return Ok(()) };
    let mut ring = ManuallyDrop::new(ring);
    let event = new_eventfd(0, EventfdFlags::CLOEXEC)?;
    ring.submitter().register_eventfd(event.as_raw_fd())?;
    let time = time();
    begin(&mut ring, &time)?;
    raw::close(ring.as_raw_fd());
    rustix::io::read(event.as_fd(), &mut [0; 8])?;
    Ok(())
}
