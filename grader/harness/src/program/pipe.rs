//! What a program prints: read as it comes, kept for the check, and told in the transcript.

use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use rustix::event::PollFlags;

use crate::output::{Capture, Stream};
use crate::payload::Payload;
use crate::stage::Source;
use crate::transcript::{Transcript, What};

/// One of the program's output streams.
pub(crate) struct Pipe {
    who: String,
    stream: Stream,
    fd: RefCell<Option<Rc<OwnedFd>>>,
    pub(crate) capture: RefCell<Capture>,
    /// Printed and not taken by the check yet.
    pub(crate) fresh: RefCell<Vec<u8>>,
    /// The beginning of a line whose newline has not come: the transcript tells of whole lines.
    line: RefCell<Vec<u8>>,
    /// What the transcript is told of it.
    telling: Cell<Telling>,
    /// How many lines it was told.
    told: Cell<usize>,
    /// How many bytes are kept for the check at most.
    most: Cell<usize>,
    /// Whether it is read now.
    reading: Cell<bool>,
    /// Bytes at its start that are not the program's.
    filler: Cell<usize>,
    /// How many bytes were printed.
    pub(super) printed: Cell<u64>,
}

/// More than any lesson asks for. A program that prints without end must not fill memory.
const MOST: usize = 64 << 20;

/// How the transcript is told of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// Line by line.
    EachLine,
    /// Of all lines at once.
    AllAtOnce,
    /// Of bytes, as they come.
    Bytes,
    /// It has been told.
    Told,
}

impl Pipe {
    pub(super) fn new(who: &str, stream: Stream, fd: OwnedFd) -> io::Result<Rc<Self>> {
        rustix::io::ioctl_fionbio(&fd, true)?;
        Ok(Rc::new(Self {
            who: who.to_owned(),
            stream,
            fd: RefCell::new(Some(Rc::new(fd))),
            capture: RefCell::default(),
            fresh: RefCell::default(),
            line: RefCell::default(),
            telling: Cell::new(Telling::EachLine),
            told: Cell::new(0),
            most: Cell::new(MOST),
            reading: Cell::new(true),
            filler: Cell::new(0),
            printed: Cell::new(0),
        }))
    }

    /// Reads nothing until told to; then the first `filler` bytes are left out.
    pub(super) fn do_not_read(&self, filler: usize) {
        self.reading.set(false);
        self.filler.set(filler);
    }

    /// Whether all writers have closed it.
    pub(crate) fn has_ended(&self) -> bool {
        self.fd.borrow().is_none()
    }

    /// The next whole line, without its newline.
    pub(super) fn next_line(&self) -> Option<Vec<u8>> {
        let mut fresh = self.fresh.borrow_mut();
        let end = fresh.iter().position(|&b| b == b'\n')?;
        let mut line: Vec<u8> = fresh.drain(..=end).collect();
        line.pop();
        Some(line)
    }

    /// What was printed and not taken as lines.
    pub(super) fn rest(&self) -> Vec<u8> {
        self.fresh.borrow().clone()
    }

    /// How many bytes were printed and not taken.
    pub(crate) fn untaken(&self) -> usize {
        self.fresh.borrow().len()
    }

    /// Reads from now on.
    pub(super) fn read(&self) {
        self.reading.set(true);
    }

    /// Reads no more: whoever prints without end has to wait.
    pub(crate) fn stop_reading(&self) {
        self.reading.set(false);
    }

    /// Takes all that was printed and not taken before.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.fresh.take()
    }

    /// Tells the transcript of all lines at once, at the end of the program or when they are taken.
    /// What is more than `most` bytes is not kept.
    pub(crate) fn tell_at_once(&self, most: usize) {
        self.telling.set(Telling::AllAtOnce);
        self.most.set(most);
    }

    /// Tells the transcript of bytes as they come: they are no lines.
    pub(crate) fn tell_bytes(&self) {
        self.telling.set(Telling::Bytes);
    }

    /// Keeps what was printed: for the report, for the check, and line by line for the transcript.
    fn keep(&self, bytes: &[u8], transcript: &Transcript) {
        self.printed.set(self.printed.get() + bytes.len() as u64);
        self.capture.borrow_mut().push(bytes);
        let mut fresh = self.fresh.borrow_mut();
        let room = self.most.get().saturating_sub(fresh.len());
        fresh.extend_from_slice(&bytes[..bytes.len().min(room)]);
        match self.telling.get() {
            Telling::EachLine => {}
            Telling::Bytes => {
                let (stream, payload) = (self.stream, Payload::new(bytes));
                transcript.add(&self.who, What::PrintsBytes { stream, payload });
                return;
            }
            Telling::AllAtOnce | Telling::Told => return,
        }
        for piece in bytes.split_inclusive(|&b| b == b'\n') {
            self.line.borrow_mut().extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.line.borrow().len() > 4096 {
                self.flush(transcript);
            }
        }
    }

    /// Tells the transcript of the line that has no newline yet, or of all of them.
    pub(crate) fn flush(&self, transcript: &Transcript) {
        /// More than anybody reads.
        const MOST_LINES: usize = 1000;
        if self.telling.get() == Telling::AllAtOnce {
            self.tell_of_all(transcript);
        }
        let line = self.line.take();
        if !line.is_empty() && self.telling.get() == Telling::EachLine {
            self.told.set(self.told.get() + 1);
            if self.told.get() == MOST_LINES {
                self.telling.set(Telling::Told);
                let text = format!("what else it prints on {} is not shown here", self.stream);
                transcript.add("", What::Note { text });
            }
            let (stream, payload) = (self.stream, Payload::new(&line));
            transcript.add(&self.who, What::Prints { stream, payload });
        }
    }

    fn tell_of_all(&self, transcript: &Transcript) {
        let fresh = self.fresh.borrow();
        if !fresh.is_empty() {
            self.telling.set(Telling::Told);
            let what = What::PrintsLines {
                stream: self.stream,
                lines: fresh.split_inclusive(|&b| b == b'\n').count(),
                bytes: fresh.len(),
            };
            transcript.add(&self.who, what);
        }
    }
}

impl Source for Pipe {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        let fd = self.fd.borrow().clone().filter(|_| self.reading.get())?;
        Some((fd, PollFlags::IN))
    }

    fn advance(&self, transcript: &Transcript) -> bool {
        // A program that prints without end must not keep us from looking at anything else.
        const ROUNDS: usize = 16;
        let Some(fd) = self.fd.borrow().clone().filter(|_| self.reading.get()) else {
            return false;
        };
        let mut buffer = [0; 16 * 1024];
        let mut moved = false;
        for _ in 0..ROUNDS {
            match rustix::io::read(&fd, &mut buffer) {
                Ok(0) => {
                    self.fd.take();
                    return true;
                }
                Ok(len) => {
                    moved = true;
                    let filler = self.filler.get().min(len);
                    self.filler.set(self.filler.get() - filler);
                    let printed = &buffer[filler..len];
                    if printed.is_empty() {
                        continue;
                    }
                    self.keep(printed, transcript);
                }
                Err(rustix::io::Errno::AGAIN) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => {
                    self.fd.take();
                    return true;
                }
            }
        }
        moved
    }
}
