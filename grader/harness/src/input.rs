//! What a program gets on its standard input: written as it makes room, and ended.

use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use rustix::event::PollFlags;

use crate::closing::closing;
use crate::payload::Payload;
use crate::program::Program;
use crate::stage::Source;
use crate::transcript::{Transcript, What};

/// The program's standard input: open until the check ends it, as a terminal where nobody types.
pub(crate) struct Input {
    fd: RefCell<Option<Rc<OwnedFd>>>,
    pending: RefCell<Pending>,
    ending: Cell<bool>,
}

/// What has found no room in the pipe yet.
#[derive(Default)]
struct Pending {
    bytes: Vec<u8>,
    /// How many of the bytes have gone. They stay until all have: a pipe takes megabytes in small
    /// pieces, and each would move the rest.
    written: usize,
}

impl Pending {
    fn rest(&self) -> &[u8] {
        &self.bytes[self.written..]
    }

    fn is_empty(&self) -> bool {
        self.rest().is_empty()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.written = 0;
    }
}

impl Input {
    pub(crate) fn new(fd: OwnedFd) -> io::Result<Rc<Self>> {
        rustix::io::ioctl_fionbio(&fd, true)?;
        Ok(Rc::new(Self {
            fd: RefCell::new(Some(Rc::new(fd))),
            pending: RefCell::default(),
            ending: Cell::new(false),
        }))
    }

    /// Writes `bytes`: now what there is room for, the rest when there is.
    pub(crate) fn write(&self, bytes: &[u8], transcript: &Transcript) {
        self.pending.borrow_mut().bytes.extend_from_slice(bytes);
        self.advance(transcript);
    }

    /// Ends it, once all that was written has been taken.
    fn end(&self) {
        self.ending.set(true);
        self.finish_if_empty();
    }

    fn finish_if_empty(&self) {
        if self.ending.get() && self.pending.borrow().is_empty() {
            let _no_copies = closing();
            self.fd.take();
        }
    }
}

impl Source for Input {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        let waiting = !self.pending.borrow().is_empty();
        Some((
            self.fd.borrow().clone().filter(|_| waiting)?,
            PollFlags::OUT,
        ))
    }

    fn advance(&self, _transcript: &Transcript) -> bool {
        let Some(fd) = self.fd.borrow().clone() else {
            return false;
        };
        let mut pending = self.pending.borrow_mut();
        let mut moved = false;
        while !pending.is_empty() {
            match rustix::io::write(&fd, pending.rest()) {
                Ok(len) => {
                    pending.written += len;
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
        if pending.is_empty() {
            pending.clear();
        }
        drop(pending);
        // The last copy is the one that is closed.
        drop(fd);
        self.finish_if_empty();
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
