//! A server that the grader plays and that speaks in datagrams, for programs that are clients.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::link::Faults;
use super::socket::{Arrival, Datagram, Socket};
use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Stopped, Verdict};
use crate::moment::Moment;
use crate::payload::Payload;
use crate::program::Program;
use crate::stage::Stage;
use crate::transcript::What;

/// A server that the grader plays: it hears who sends, from where and when, and answers whom it likes.
/// Its socket is closed when this is dropped.
pub struct UdpServer {
    stage: Rc<Stage>,
    socket: Rc<Socket>,
    /// Whether the program has sent anything yet.
    heard: bool,
}

/// What a program that asks does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It sends.
    Arrival(Arrival),
    /// It ends, at this moment.
    End(Moment),
}

impl UdpServer {
    /// A socket on `address`; port 0 stands for any free one.
    pub(crate) fn open(stage: &Rc<Stage>, name: &str, address: SocketAddr) -> Verdict<Self> {
        let socket = Socket::open(stage, name, address)?;
        socket.arrivals.replace(Some(VecDeque::new()));
        Ok(Self {
            stage: Rc::clone(stage),
            socket,
            heard: false,
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.socket.name
    }

    /// Where it can be asked.
    pub fn address(&self) -> SocketAddr {
        self.socket.local
    }

    /// The first `len` bytes of each datagram are an id, and are shown as one.
    pub fn shows_ids(&mut self, len: usize) {
        self.socket.id.set(len);
    }

    /// From now on the network has these faults, on the way from the program and on the way to it.
    pub fn faults(&mut self, from_program: Faults, to_program: Faults) {
        let mut link = self.socket.link.borrow_mut();
        link.from_program.set(from_program);
        link.to_program.set(to_program);
    }

    /// Waits for the next datagram that the network brings. `what` describes it to the student.
    pub fn datagram(&mut self, what: &str) -> Verdict<Datagram> {
        let socket = &self.socket;
        let waited = self
            .stage
            .wait(clock::START, || socket.inbox.borrow_mut().pop_front());
        waited.map_err(|ended| self.nothing_came(what, ended.into()))
    }

    /// Waits until the program has sent the next datagram, also one that the network loses. `what`
    /// describes it to the student.
    pub fn arrival(&mut self, what: &str) -> Verdict<Arrival> {
        let limit = if self.heard {
            clock::STEP
        } else {
            clock::START
        };
        let waited = self.stage.wait(limit, || self.next_arrival());
        self.heard |= waited.is_ok();
        waited.map_err(|ended| self.nothing_came(what, ended.into()))
    }

    /// The next datagram that the program has sent by now, if there is one.
    pub fn arrival_so_far(&mut self) -> Option<Arrival> {
        self.stage.advance();
        self.next_arrival()
    }

    /// Waits until the program sends another datagram, or ends. `since` is when it was last known to be
    /// running.
    pub fn arrival_or_end(&mut self, program: &Program, since: Moment) -> Verdict<Sign> {
        let mut was_running = since.not_before();
        let mut looked = was_running;
        let waited = self.stage.wait(clock::STEP, || {
            if let Some(arrival) = self.next_arrival() {
                return Some(Sign::Arrival(arrival));
            }
            let now = Instant::now();
            if program.process.exit().is_some() {
                return Some(Sign::End(Moment::between(was_running, now)));
            }
            // The stage has asked for its end since this was asked last.
            was_running = std::mem::replace(&mut looked, now);
            None
        });
        waited.map_err(|ended| {
            let expected = Expected::Exit { status: 1 };
            let received = Payload::new(b"");
            let actual = Actual::Nothing { received };
            self.stage
                .fail(Some(self.name()), expected, actual, ended.into())
        })
    }

    fn next_arrival(&self) -> Option<Arrival> {
        self.socket.arrivals.borrow_mut().as_mut()?.pop_front()
    }

    /// Sends one datagram to `to`.
    pub fn send(&mut self, bytes: &[u8], to: SocketAddr) -> Verdict {
        let socket = &self.socket;
        socket.send(bytes, to, &self.stage.transcript);
        // At once, if it can be: what is sent in a row goes out in a row.
        let waited = match socket.all_sent() {
            Some(done) => Ok(done),
            None => self.stage.wait(clock::STEP, || socket.all_sent()),
        };
        let result = waited.unwrap_or(Err(Errno::AGAIN));
        Ok(result.map_err(GraderError::system("sending a datagram"))?)
    }

    /// Sends one datagram to `to` `after` a while, as soon as the check waits for something then.
    pub fn send_later(&mut self, bytes: &[u8], to: SocketAddr, after: Duration) {
        self.socket.send_later(bytes, to, after);
    }

    /// Sends nothing more of what was to be sent later.
    pub fn send_no_more(&mut self) {
        self.socket.send_no_more();
    }

    /// Is gone from now on: what is sent to it is refused with an ICMP error.
    pub fn vanish(&mut self) -> Verdict {
        if cfg!(target_os = "linux") {
            self.socket.refuse_all()?;
        } else {
            self.socket.close();
        }
        self.stage.transcript.add(self.name(), What::Closes);
        Ok(())
    }

    /// A failure that this server saw, about a fact. What else the program sends until it ends, or some
    /// of it, belongs to the picture.
    pub fn fails(&self, expected: &str, actual: &str) -> Stopped {
        self.let_it_finish();
        let expected = Expected::Fact {
            what: expected.to_owned(),
        };
        let actual = Actual::Other {
            what: actual.to_owned(),
        };
        self.stage
            .fail(Some(self.name()), expected, actual, DecidedBy::Observation)
    }

    fn let_it_finish(&self) {
        const ENOUGH: usize = 4;
        let arrivals = &self.socket.arrivals;
        let enough = || {
            let count = arrivals.borrow().as_ref().map_or(0, VecDeque::len);
            (count >= ENOUGH || self.stage.exit_in_words().is_some()).then_some(())
        };
        // However that ends, the failure is there already.
        let _ = self.stage.wait(clock::STEP, enough);
        self.socket.is_deaf.set(true);
    }

    fn nothing_came(&self, what: &str, decided_by: DecidedBy) -> Stopped {
        let expected = Expected::Fact {
            what: what.to_owned(),
        };
        let actual = match self.stage.exit_in_words() {
            Some(how) => Actual::Exited { how },
            None => Actual::Other {
                what: "it does not come".into(),
            },
        };
        self.stage
            .fail(Some(self.name()), expected, actual, decided_by)
    }
}

impl Drop for UdpServer {
    fn drop(&mut self) {
        self.socket.close();
    }
}
