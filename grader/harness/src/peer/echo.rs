//! A server of the grader's that sends back what comes, with bounded buffers: for clients that must
//! send and receive at the same time.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, Shutdown, recv, send, shutdown};

use crate::closing::closing;
use crate::stage::{Source, Stage};
use crate::transcript::{Transcript, What};

/// The connection as the stage sees it.
struct Echoing {
    name: String,
    fd: RefCell<Option<Rc<OwnedFd>>>,
    local: SocketAddr,
    /// Received and not sent back yet.
    held: RefCell<Vec<u8>>,
    /// How many bytes it holds at most.
    room: usize,
    ended: Cell<bool>,
}

impl Echoing {
    /// Sends back what it holds. Whether anything went.
    fn send_back(&self, fd: &OwnedFd) -> Result<bool, Errno> {
        let mut held = self.held.borrow_mut();
        let mut sent = 0;
        while sent < held.len() {
            match send(fd, &held[sent..], SendFlags::NOSIGNAL) {
                Ok(len) => sent += len,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error),
            }
        }
        held.drain(..sent);
        Ok(sent > 0)
    }

    /// Receives what there is room for. Whether anything came.
    fn receive(&self, fd: &OwnedFd, transcript: &Transcript) -> Result<bool, Errno> {
        let mut held = self.held.borrow_mut();
        let before = held.len();
        if self.ended.get() || before == self.room {
            return Ok(false);
        }
        held.resize(self.room, 0);
        let came = recv(fd, &mut held[before..], RecvFlags::empty());
        let len = came.map_or(0, |(len, _)| len);
        held.truncate(before + len);
        match came {
            Ok((0, _)) => {
                self.ended.set(true);
                transcript.add(&self.name, What::SeesTheEnd);
                Ok(true)
            }
            Ok(_) => Ok(true),
            Err(Errno::AGAIN | Errno::INTR) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn finish_if_done(&self, fd: &OwnedFd, transcript: &Transcript) -> Result<(), Errno> {
        if self.ended.get() && self.held.borrow().is_empty() {
            shutdown(fd, Shutdown::Write)?;
            transcript.add(&self.name, What::EndsSending);
            self.fd.take();
        }
        Ok(())
    }

    fn go_on(&self, fd: &OwnedFd, transcript: &Transcript) -> Result<bool, Errno> {
        // A client that never stops must not keep us from looking at what it prints.
        const ROUNDS: usize = 8;
        let mut moved = false;
        for _ in 0..ROUNDS {
            let now = self.send_back(fd)? | self.receive(fd, transcript)?;
            moved |= now;
            if !now {
                break;
            }
        }
        self.finish_if_done(fd, transcript)?;
        Ok(moved)
    }
}

impl Source for Echoing {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        let fd = self.fd.borrow().clone()?;
        let held = self.held.borrow().len();
        let mut flags = PollFlags::empty();
        flags.set(PollFlags::OUT, held > 0);
        flags.set(PollFlags::IN, held < self.room && !self.ended.get());
        Some((fd, flags))
    }

    fn advance(&self, transcript: &Transcript) -> bool {
        let Some(fd) = self.fd.borrow().clone() else {
            return false;
        };
        self.go_on(&fd, transcript).unwrap_or_else(|error| {
            // What the program prints, or does not, tells the rest.
            let error = format!("{error}");
            transcript.add(&self.name, What::SeesReset { error });
            self.fd.take();
            true
        })
    }

    fn local(&self) -> Option<SocketAddr> {
        Some(self.local)
    }
}

/// The grader's end of a connection on which it sends back what comes, until the program has ended its
/// sending half; then it ends its own. It is closed when this is dropped.
pub struct Echo {
    echoing: Rc<Echoing>,
}

impl Echo {
    /// Echoes on `fd`, holding `room` bytes at most.
    pub(super) fn new(
        stage: &Rc<Stage>,
        name: &str,
        fd: OwnedFd,
        local: SocketAddr,
        room: usize,
    ) -> Self {
        let echoing = Rc::new(Echoing {
            name: name.to_owned(),
            fd: RefCell::new(Some(Rc::new(fd))),
            local,
            held: RefCell::default(),
            room,
            ended: Cell::new(false),
        });
        let text = format!("{name} sends back what comes, as long as there is room for it");
        stage.transcript.add("", What::Note { text });
        stage.add(&(Rc::clone(&echoing) as Rc<dyn Source>));
        Self { echoing }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.echoing.name
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _no_copies = closing();
        self.echoing.fd.take();
    }
}
