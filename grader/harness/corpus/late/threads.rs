//! Threads of which one wakes another.
#![expect(
    clippy::disallowed_methods,
    reason = "these programs are about sleeping"
)]

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::raw;
use crate::serve::LATE;

/// As a name lookup in a thread of its own does.
pub(crate) fn sleep_and_send(_client: &TcpStream) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        thread::sleep(LATE);
        // Nobody waits any more: then there is nobody to tell.
        let _ = sender.send(());
    });
    receiver.recv().map_err(io::Error::other)
}

pub(crate) fn join_a_sleeper(_client: &TcpStream) -> io::Result<()> {
    let sleeper = thread::spawn(|| thread::sleep(LATE));
    sleeper.join().map_err(|_| io::Error::other("it panicked"))
}

/// As a runtime with a thread that looks after timers, more and more seldom.
pub(crate) fn monitor(_client: &TcpStream) -> io::Result<()> {
    let main = thread::current();
    let done = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&done);
    thread::spawn(move || {
        let begin = Instant::now();
        let mut pause = Duration::from_micros(20);
        while begin.elapsed() < LATE {
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        }
        told.store(true, Ordering::Release);
        main.unpark();
    });
    while !done.load(Ordering::Acquire) {
        thread::park();
    }
    Ok(())
}

/// Each starts the next and ends; the last one tells.
pub(crate) fn chain(_client: &TcpStream) -> io::Result<()> {
    fn link(end: Instant, sender: mpsc::Sender<()>) {
        if Instant::now() < end {
            thread::spawn(move || link(end, sender));
        } else {
            let _ = sender.send(());
        }
    }
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || link(Instant::now() + LATE, sender));
    receiver.recv().map_err(io::Error::other)
}

/// Waits for a timer that only this thread's own table of descriptors shows.
pub(crate) fn own_descriptors(_client: &TcpStream) -> io::Result<()> {
    let (mut reader, mut writer) = io::pipe()?;
    thread::spawn(move || -> io::Result<()> {
        raw::own_descriptors()?;
        let timer = raw::timerfd(Some(LATE))?;
        crate::readiness::wait_for_any(&timer)?;
        writer.write_all(b"!")
    });
    reader.read_exact(&mut [0])
}
