//! Threads that wait for each other.

use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::sync::{Arc, Barrier, Condvar, Mutex, PoisonError, mpsc};
use std::thread;

use crate::names::{Connected, connected};
use crate::raw;

pub(crate) fn lock_twice(_on: Connected) -> io::Result<()> {
    let lock = Mutex::new(());
    let _first = lock.lock();
    let _second = lock.lock();
    Ok(())
}

/// The classic deadlock: each holds what the other wants.
pub(crate) fn two_locks(_on: Connected) -> io::Result<()> {
    let locks = [Arc::new(Mutex::new(())), Arc::new(Mutex::new(()))];
    let both_hold = Arc::new(Barrier::new(2));
    let take = |first: &Arc<Mutex<()>>, second: &Arc<Mutex<()>>| {
        let (first, second) = (Arc::clone(first), Arc::clone(second));
        let both_hold = Arc::clone(&both_hold);
        thread::spawn(move || {
            let _held = first.lock();
            both_hold.wait();
            let _never = second.lock();
        })
    };
    let one = take(&locks[0], &locks[1]);
    let other = take(&locks[1], &locks[0]);
    let ended = one.join().and(other.join());
    ended.map_err(|_| io::Error::other("a thread panicked"))
}

pub(crate) fn park(_on: Connected) -> io::Result<()> {
    thread::park();
    Ok(())
}

pub(crate) fn join(_on: Connected) -> io::Result<()> {
    let parked = thread::spawn(thread::park);
    parked.join().map_err(|_| io::Error::other("it panicked"))
}

pub(crate) fn condition(_on: Connected) -> io::Result<()> {
    let lock = Mutex::new(());
    let guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
    drop(Condvar::new().wait(guard));
    Ok(())
}

pub(crate) fn channel(_on: Connected) -> io::Result<()> {
    let (_sender, receiver) = mpsc::channel::<()>();
    receiver.recv().map_err(io::Error::other)
}

pub(crate) fn barrier(_on: Connected) -> io::Result<()> {
    Barrier::new(2).wait();
    Ok(())
}

/// Sixty-four of them, in different calls.
pub(crate) fn many(mut on: Connected) -> io::Result<()> {
    for number in 0..64 {
        let mut client = on.client.try_clone()?;
        thread::spawn(move || {
            if number % 2 == 0 {
                thread::park();
            } else {
                // It never comes.
                let _ = client.read(&mut [0]);
            }
        });
    }
    on.client.read_exact(&mut [0])
}

/// One thread asks, the other has forgotten to answer.
pub(crate) fn helper(_on: Connected) -> io::Result<()> {
    let (ask, asked) = mpsc::channel::<u8>();
    let (_answer, answered) = mpsc::channel::<u8>();
    thread::spawn(move || for _question in asked {});
    ask.send(1).map_err(io::Error::other)?;
    answered.recv().map(drop).map_err(io::Error::other)
}

/// The main thread ends; another is stuck.
pub(crate) fn main_thread_exits(address: SocketAddr) -> io::Result<()> {
    thread::spawn(move || connected(address)?.client.read_exact(&mut [0]));
    raw::exit_thread()
}
