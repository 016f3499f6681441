//! A client of the program's that speaks in datagrams.

use std::net::SocketAddr;
use std::rc::Rc;

use rustix::io::Errno;

use super::link::Faults;
use super::socket::{Datagram, Socket};
use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Stopped, Verdict};
use crate::likeness::{self, Likeness};
use crate::payload::{Difference, Payload};
use crate::stage::Stage;
use crate::transcript::What;

/// A client of the program's that speaks in datagrams. Its socket is closed when this is dropped.
pub struct UdpPeer {
    stage: Rc<Stage>,
    socket: Rc<Socket>,
    server: SocketAddr,
    /// All that it has sent, so that what comes back can be recognised.
    sent: Vec<Vec<u8>>,
    /// All that came as expected.
    answered: Vec<Vec<u8>>,
}

impl UdpPeer {
    /// A socket of its own, on the loopback address of `server`'s family.
    pub(crate) fn open(stage: &Rc<Stage>, name: &str, server: SocketAddr) -> Verdict<Self> {
        let socket = Socket::open(stage, name, SocketAddr::new(server.ip(), 0))?;
        Ok(Self {
            stage: Rc::clone(stage),
            socket,
            server,
            sent: Vec::new(),
            answered: Vec::new(),
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.socket.name
    }

    /// The peer's own address.
    pub fn local(&self) -> SocketAddr {
        self.socket.local
    }

    /// Sends one datagram to the program.
    pub fn send(&mut self, bytes: &[u8]) -> Verdict {
        self.sent.push(bytes.to_vec());
        let socket = &self.socket;
        socket.send(bytes, self.server, &self.stage.transcript);
        // At once, if it can be: what is sent in a row goes out in a row.
        let waited = match socket.all_sent() {
            Some(done) => Ok(done),
            None => self.stage.wait(clock::STEP, || socket.all_sent()),
        };
        let result = waited.unwrap_or(Err(Errno::AGAIN));
        Ok(result.map_err(GraderError::system("sending a datagram"))?)
    }

    /// From now on the network has these faults, on the way to the program and on the way back.
    pub fn faults(&mut self, to_program: Faults, from_program: Faults) {
        let mut link = self.socket.link.borrow_mut();
        link.to_program.set(to_program);
        link.from_program.set(from_program);
    }

    /// Sends one datagram and is gone before any answer can come: whatever the program sends to this
    /// peer is refused with an ICMP error.
    ///
    /// The program may be faster than a close after the send, so this socket refuses all before. Where
    /// it could not send any more then, the close must do.
    pub fn send_and_vanish(mut self, bytes: &[u8]) -> Verdict {
        if cfg!(target_os = "linux") {
            self.socket.refuse_all()?;
        }
        self.send(bytes)?;
        self.stage.transcript.add(self.name(), What::Vanishes);
        Ok(())
    }

    /// Waits for the next datagram, whatever it holds. `what` describes it to the student.
    pub fn datagram(&mut self, what: &str) -> Verdict<Datagram> {
        let what = what.to_owned();
        self.next(&Expected::Answer { what })
    }

    /// Expects that the next datagram holds exactly `bytes`. From where it comes is a question of its
    /// own, see [`expect_from`](Self::expect_from).
    pub fn expect(&mut self, bytes: &[u8]) -> Verdict {
        self.expect_one(bytes).map(drop)
    }

    /// Expects that the next datagram holds exactly `bytes` and comes from `address`.
    pub fn expect_from(&mut self, address: SocketAddr, bytes: &[u8]) -> Verdict {
        let from = self.expect_one(bytes)?;
        if from == address {
            return Ok(());
        }
        let expected = expected(bytes);
        let actual = Actual::FromElsewhere { from, to: address };
        self.let_it_finish();
        Err(self.fail(expected, actual, DecidedBy::Observation))
    }

    fn expect_one(&mut self, bytes: &[u8]) -> Verdict<SocketAddr> {
        let came = self.next(&expected(bytes))?;
        if came.bytes != bytes {
            return Err(self.unexpected(bytes, &came.bytes));
        }
        self.answered.push(came.bytes);
        Ok(came.from)
    }

    /// Expects one datagram for each of `contents`, in any order.
    pub fn expect_in_any_order(&mut self, contents: &[Vec<u8>]) -> Verdict {
        let mut missing = contents.to_vec();
        while let Some(first) = missing.first() {
            let came = self.next(&expected(first))?.bytes;
            let Some(index) = missing.iter().position(|bytes| *bytes == came) else {
                let meant = likeness::nearest(&came, &missing).unwrap_or(first);
                return Err(self.unexpected(meant, &came));
            };
            missing.remove(index);
            self.answered.push(came);
        }
        Ok(())
    }

    /// Expects that no datagram comes for as long as one could.
    pub fn expect_silence(&mut self) -> Verdict {
        let socket = &self.socket;
        let waited = self
            .stage
            .wait(clock::SILENCE, || socket.inbox.borrow_mut().pop_front());
        match waited {
            Err(_) => Ok(()),
            Ok(came) => {
                self.let_it_finish();
                let extra = Payload::new(&came.bytes);
                let actual = Actual::TooMuch { extra };
                Err(self.fail(Expected::Silence, actual, DecidedBy::Observation))
            }
        }
    }

    /// Closes the socket: what is sent to it from now on is answered with an ICMP error.
    pub fn close(self) {
        self.stage.transcript.add(self.name(), What::Closes);
    }

    fn next(&mut self, expected: &Expected) -> Verdict<Datagram> {
        let socket = &self.socket;
        let waited = self
            .stage
            .wait(clock::STEP, || socket.inbox.borrow_mut().pop_front());
        waited.map_err(|ended| {
            let actual = match self.stage.exit_in_words() {
                Some(how) => Actual::Exited { how },
                None => Actual::Nothing {
                    received: Payload::new(b""),
                },
            };
            self.fail(expected.clone(), actual, ended.into())
        })
    }

    /// The failure that `came` is, where `bytes` were expected.
    fn unexpected(&self, bytes: &[u8], came: &[u8]) -> Stopped {
        self.let_it_finish();
        let payload = Payload::new(came);
        let likeness = match Likeness::find(bytes, came, &self.sent, &self.answered) {
            Likeness::Cut if self.goes_on_with(&bytes[came.len()..]) => Likeness::Split,
            Likeness::Unknown => match self.stage.transcript.other_sender(self.name(), &payload) {
                Some(peer) => Likeness::Anothers { peer },
                None => Likeness::Unknown,
            },
            known => known,
        };
        // Where a part of it is right, the place where it goes wrong tells more than the whole.
        let difference = Difference::find(bytes, came)
            .filter(|difference| difference.offset > 0 || came.len() == bytes.len());
        let actual = match (likeness, difference) {
            (Likeness::Unknown, Some(difference)) => Actual::Different { difference },
            (likeness, _) => Actual::Datagram { payload, likeness },
        };
        self.fail(expected(bytes), actual, DecidedBy::Observation)
    }

    /// Waits for what else the program sends before it has nothing left to do: it belongs to the
    /// picture of what went wrong. From a program that never stops, some of it.
    fn let_it_finish(&self) {
        const ENOUGH: usize = 64;
        let inbox = &self.socket.inbox;
        let enough = || (inbox.borrow().len() >= ENOUGH).then_some(());
        // However that ends, the failure is there already.
        let _ = self.stage.wait(clock::SILENCE, enough);
    }

    /// Whether the next datagram is a beginning of `rest`.
    fn goes_on_with(&self, rest: &[u8]) -> bool {
        let inbox = self.socket.inbox.borrow();
        let next = inbox.front().map_or(&[][..], |next| &next.bytes);
        !next.is_empty() && rest.starts_with(next)
    }

    fn fail(&self, expected: Expected, actual: Actual, decided_by: DecidedBy) -> Stopped {
        self.stage
            .fail(Some(self.name()), expected, actual, decided_by)
    }
}

impl Drop for UdpPeer {
    fn drop(&mut self) {
        self.socket.close();
    }
}

fn expected(bytes: &[u8]) -> Expected {
    Expected::Datagram {
        payload: Payload::new(bytes),
    }
}
