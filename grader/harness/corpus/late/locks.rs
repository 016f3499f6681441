//! Locks and conditions, with a time limit or held by somebody who sleeps.
#![expect(
    clippy::disallowed_methods,
    reason = "these programs are about sleeping"
)]

use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Barrier, Condvar, Mutex, PoisonError, mpsc};
use std::thread;

use crate::raw;
use crate::serve::LATE;

pub(crate) fn condvar(_client: &TcpStream) -> io::Result<()> {
    let lock = Mutex::new(());
    let guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
    let waited = Condvar::new().wait_timeout_while(guard, LATE, |()| true);
    drop(waited);
    Ok(())
}

pub(crate) fn park(_client: &TcpStream) -> io::Result<()> {
    thread::park_timeout(LATE);
    Ok(())
}

pub(crate) fn channel(_client: &TcpStream) -> io::Result<()> {
    let (_sender, receiver) = mpsc::channel::<()>();
    match receiver.recv_timeout(LATE) {
        Err(mpsc::RecvTimeoutError::Timeout) => Ok(()),
        _ => Err(io::Error::other("nobody sends")),
    }
}

pub(crate) fn lock_of_a_sleeper(_client: &TcpStream) -> io::Result<()> {
    let lock = Arc::new(Mutex::new(()));
    let held = Arc::clone(&lock);
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let _guard = held.lock();
        let _ = sender.send(());
        thread::sleep(LATE);
    });
    receiver.recv().map_err(io::Error::other)?;
    drop(lock.lock());
    Ok(())
}

pub(crate) fn barrier(_client: &TcpStream) -> io::Result<()> {
    let barrier = Arc::new(Barrier::new(2));
    let other = Arc::clone(&barrier);
    thread::spawn(move || {
        thread::sleep(LATE);
        other.wait();
    });
    barrier.wait();
    Ok(())
}

pub(crate) fn semaphore(_client: &TcpStream) -> io::Result<()> {
    raw::semaphore_timeout(LATE)
}
