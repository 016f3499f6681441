//! What the grader and the keeper tell each other: lines of JSON over a pair of sockets.
//!
//! The grader's first line is the [`Spec`](crate::Spec). After that it says nothing; when its end is
//! closed, by whatever reason, the keeper ends the box.

use std::cell::RefCell;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::limits::Limit;

/// What the keeper says to the grader, and the init to the keeper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Word {
    /// The program runs.
    Started(Started),
    /// There is no box, or no program in it: why.
    Failed(String),
    /// A limit struck.
    Struck(Limit),
    /// The program has ended, with this status as wait has it.
    Ended(i32),
}

/// Which processes these are, in the grader's numbering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The box's keeper.
    pub keeper: i32,
    /// The box's process 1; in a light box the program's parent.
    pub init: i32,
    /// The program's first process; none if it had ended before it could be asked for.
    pub program: Option<i32>,
}

/// How a box has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// The limits that struck.
    pub limits: Vec<Limit>,
    /// What went wrong, if that was not the program's doing.
    pub error: Option<String>,
}

/// The grader's end.
#[derive(Debug)]
pub struct Link {
    words: RefCell<Lines>,
    struck: RefCell<Vec<Limit>>,
}

impl Link {
    pub(crate) fn new(socket: UnixStream) -> Self {
        Self {
            words: RefCell::new(Lines::new(socket)),
            struck: RefCell::default(),
        }
    }

    /// Waits until the program runs.
    ///
    /// # Errors
    ///
    /// Where there is no box, or the program cannot be started in it; with the keeper's words.
    pub fn started(&self) -> io::Result<Started> {
        // A machine that is busy with dozens of boxes is slow, not broken.
        const PATIENCE: Duration = Duration::from_secs(60);
        let mut words = self.words.borrow_mut();
        match words.next_within(PATIENCE)? {
            Some(Word::Started(started)) => Ok(started),
            Some(Word::Failed(why)) => Err(io::Error::other(why)),
            Some(other) => Err(unexpected(&other)),
            None => Err(io::Error::other(
                "the box's keeper has ended without a word",
            )),
        }
    }

    /// Ends the box: all processes in it are gone when the keeper is.
    pub fn end(&self) {
        // It is closed already: just as well.
        let _ = self.words.borrow().socket.shutdown(Shutdown::Write);
    }

    /// Ends the box because its program wants more than whoever reads its output allows.
    pub fn strike(&self, limit: Limit) {
        self.struck.borrow_mut().push(limit);
        self.end();
    }

    /// How the box has ended: for after the keeper has.
    pub fn ending(&self) -> Ending {
        let mut ending = Ending {
            limits: self.struck.borrow().clone(),
            error: None,
        };
        let mut has_ended = false;
        let mut words = self.words.borrow_mut();
        loop {
            match words.next_within(Duration::ZERO) {
                Ok(Some(Word::Struck(limit))) => ending.limits.push(limit),
                Ok(Some(Word::Ended(_))) => has_ended = true,
                Ok(Some(Word::Failed(why))) => ending.error = Some(why),
                Ok(Some(Word::Started(_))) => {}
                Ok(None) => break,
                Err(error) => {
                    ending.error = Some(error.to_string());
                    break;
                }
            }
        }
        if !has_ended && ending.limits.is_empty() && ending.error.is_none() {
            ending.error = Some("the box's keeper has ended without a word".into());
        }
        ending
    }
}

fn unexpected(word: &Word) -> io::Error {
    io::Error::other(format!("the box's keeper says {word:?} before its start"))
}

/// A socket that is read line by line.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) socket: UnixStream,
    unread: Vec<u8>,
}

impl Lines {
    pub(crate) fn new(socket: UnixStream) -> Self {
        Self {
            socket,
            unread: Vec::new(),
        }
    }

    /// The next line, or nothing where the other end is closed.
    pub(crate) fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        loop {
            if let Some(end) = self.unread.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Ok(Some(serde_json::from_slice(&line)?));
            }
            let mut buffer = [0; 4096];
            match self.socket.read(&mut buffer) {
                Ok(0) => return Ok(None),
                Ok(len) => self.unread.extend(&buffer[..len]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Whoever ends with something unread resets the connection: it is closed.
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    /// The same; an error where nothing comes within `time`.
    fn next_within<T: DeserializeOwned>(&mut self, time: Duration) -> io::Result<Option<T>> {
        let end = Instant::now() + time;
        while !self.unread.contains(&b'\n') {
            let left = end.saturating_duration_since(Instant::now());
            let limit = Timespec::try_from(left).map_err(io::Error::other)?;
            let mut fds = [PollFd::from_borrowed_fd(self.socket.as_fd(), PollFlags::IN)];
            match poll(&mut fds, Some(&limit)) {
                Ok(0) => return Err(io::Error::new(ErrorKind::TimedOut, "the keeper is silent")),
                Ok(_) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.next()
    }
}

/// Sends one line.
pub(crate) fn say<T: Serialize>(mut socket: &UnixStream, word: &T) -> io::Result<()> {
    let mut line = serde_json::to_vec(word)?;
    line.push(b'\n');
    socket.write_all(&line)
}
