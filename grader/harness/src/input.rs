//! What a program gets on its standard input: written as it makes room, and ended.
//!
//! A write to a pipe can block though it must not: whoever splices from the pipe into a socket
//! (`man 2 splice`; Rust's io::copy does) holds the pipe's lock while it waits for room in the socket,
//! which may be we who do not receive meanwhile. So more than a pipe holds is written by a thread of its
//! own.

use std::cell::{Cell, RefCell};
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use rustix::event::PollFlags;

use crate::closing::closing;
use crate::payload::Payload;
use crate::program::Program;
use crate::stage::Source;
use crate::transcript::{Transcript, What};

/// What a pipe holds (`man 7 pipe`).
const PIPE: usize = 64 * 1024;

/// The program's standard input: open until the check ends it, as a terminal where nobody types.
pub(crate) struct Input {
    fd: RefCell<Option<Rc<OwnedFd>>>,
    /// What has found no room in the pipe yet.
    pending: RefCell<Vec<u8>>,
    /// All that was ever to be written, in bytes.
    total: Cell<usize>,
    feeder: RefCell<Option<Feeder>>,
    ending: Cell<bool>,
}

/// A thread that writes and may wait.
struct Feeder {
    /// None when nothing more will come.
    bytes: Option<Sender<Vec<u8>>>,
    /// How many bytes it has still to write.
    left: Arc<AtomicUsize>,
    /// How many that were when it was looked at last.
    seen: usize,
    thread: JoinHandle<()>,
}

impl Feeder {
    fn start(pipe: OwnedFd) -> Self {
        let (sender, receiver) = mpsc::channel::<Vec<u8>>();
        let left = Arc::new(AtomicUsize::new(0));
        let still = Arc::clone(&left);
        let thread = thread::spawn(move || {
            let mut pipe = std::fs::File::from(pipe);
            for bytes in receiver {
                for piece in bytes.chunks(PIPE) {
                    // Where it reads no more, that is its right: nothing is left to be done then.
                    let _ = pipe.write_all(piece);
                    still.fetch_sub(piece.len(), Ordering::SeqCst);
                }
            }
            let _no_copies = closing();
            drop(pipe);
        });
        Self {
            bytes: Some(sender),
            left,
            seen: 0,
            thread,
        }
    }

    fn write(&mut self, bytes: Vec<u8>) {
        self.left.fetch_add(bytes.len(), Ordering::SeqCst);
        self.seen += bytes.len();
        if let Some(sender) = &self.bytes {
            // It takes what it is sent for as long as we hold its sender.
            let _ = sender.send(bytes);
        }
    }

    fn is_done(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }

    fn has_moved(&mut self) -> bool {
        let left = self.left.load(Ordering::SeqCst);
        std::mem::replace(&mut self.seen, left) != left
    }
}

impl Input {
    pub(crate) fn new(fd: OwnedFd) -> io::Result<Rc<Self>> {
        rustix::io::ioctl_fionbio(&fd, true)?;
        Ok(Rc::new(Self {
            fd: RefCell::new(Some(Rc::new(fd))),
            pending: RefCell::default(),
            total: Cell::new(0),
            feeder: RefCell::default(),
            ending: Cell::new(false),
        }))
    }

    /// Writes `bytes`: now what there is room for, the rest when there is.
    pub(crate) fn write(&self, bytes: &[u8], transcript: &Transcript) {
        self.total.set(self.total.get() + bytes.len());
        self.pending.borrow_mut().extend_from_slice(bytes);
        // Without a thread it is written here.
        if self.total.get() <= PIPE || self.feed().is_err() {
            self.advance(transcript);
        }
    }

    /// Hands all that is pending to the thread that may wait.
    fn feed(&self) -> io::Result<()> {
        let Some(fd) = self.fd.borrow().clone() else {
            return Ok(());
        };
        let mut feeder = self.feeder.borrow_mut();
        if feeder.is_none() {
            let copy = fd.try_clone()?;
            rustix::io::ioctl_fionbio(&fd, false)?;
            *feeder = Some(Feeder::start(copy));
        }
        if let Some(feeder) = &mut *feeder {
            feeder.write(self.pending.take());
        }
        Ok(())
    }

    /// Ends it, once all that was written has been taken.
    fn end(&self) {
        self.ending.set(true);
        self.finish_if_done();
    }

    fn is_done(&self) -> bool {
        let feeder = self.feeder.borrow();
        self.pending.borrow().is_empty() && feeder.as_ref().is_none_or(Feeder::is_done)
    }

    fn finish_if_done(&self) {
        if self.ending.get() && self.is_done() {
            // The thread closes its copy, and then we ours.
            if let Some(feeder) = &mut *self.feeder.borrow_mut() {
                feeder.bytes.take();
                if !feeder.thread.is_finished() {
                    return;
                }
            }
            let _no_copies = closing();
            self.fd.take();
        }
    }
}

impl Source for Input {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        // Of what the thread has to write, too: as long as there is room for it, it will go on.
        let waiting = !self.is_done() || self.ending.get();
        Some((
            self.fd.borrow().clone().filter(|_| waiting)?,
            PollFlags::OUT,
        ))
    }

    fn advance(&self, _transcript: &Transcript) -> bool {
        let Some(fd) = self.fd.borrow().clone() else {
            return false;
        };
        let mut moved = self
            .feeder
            .borrow_mut()
            .as_mut()
            .is_some_and(Feeder::has_moved);
        let mut pending = self.pending.borrow_mut();
        while !pending.is_empty() {
            match rustix::io::write(&fd, &pending) {
                Ok(len) => {
                    pending.drain(..len);
                    moved = true;
                }
                Err(rustix::io::Errno::AGAIN) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => {
                    // It reads no more; that is its right.
                    pending.clear();
                    self.ending.set(true);
                }
            }
        }
        drop(pending);
        // The last copy is the one that is closed.
        drop(fd);
        self.finish_if_done();
        moved
    }
}

impl Program {
    /// Writes to the program's standard input.
    pub fn input(&mut self, bytes: &[u8]) {
        let payload = Payload::new(bytes);
        self.stage
            .transcript
            .add(&self.process.name, What::Reads { payload });
        self.process.input.write(bytes, &self.stage.transcript);
    }

    /// Ends the program's standard input, once all that was written to it has been read.
    pub fn end_input(&mut self) {
        self.stage
            .transcript
            .add(&self.process.name, What::InputEnds);
        self.process.input.end();
    }
}
