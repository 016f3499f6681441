//! A server that the grader plays and that speaks in datagrams, for programs that are clients.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

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

    /// Waits until the program sends another datagram, or ends.
    pub fn arrival_or_end(&mut self, program: &Program) -> Verdict<Sign> {
        let waited = self.stage.wait(clock::STEP, || {
            if let Some(arrival) = self.next_arrival() {
                return Some(Sign::Arrival(arrival));
            }
            program.process.ended().map(Sign::End)
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

    /// From now on it answers each datagram at once with what `answer` makes of it, if anything.
    pub fn answer_with(&mut self, answer: impl Fn(&[u8]) -> Option<Vec<u8>> + 'static) {
        self.socket.answer.replace(Some(Box::new(answer)));
    }

    /// When it has sent a datagram, each time.
    pub fn sent(&self) -> Vec<Moment> {
        self.socket.sent.borrow().clone()
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

    /// A failure that this server saw, about a fact. What else the program sends soon, and its end,
    /// belong to the picture.
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
        const ENOUGH: usize = 16;
        const SOON: Duration = Duration::from_millis(500);
        let socket = &self.socket;
        socket.hears.set(ENOUGH);
        let is_over = || socket.heard.get() >= ENOUGH || self.stage.exit_in_words().is_some();
        let mut went_on = Some(());
        while went_on.is_some() && !is_over() {
            let before = socket.heard.get();
            let goes_on = || (socket.heard.get() > before || is_over()).then_some(());
            went_on = self.stage.let_pass(SOON, goes_on);
        }
        socket.hears.set(0);
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

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, UdpSocket};
    use std::sync::Arc;

    use super::*;
    use crate::arena::Arena;
    use crate::clock::Scale;
    use crate::launch::Direct;
    use crate::peer::link::Fault;
    use crate::stage::Conditions;
    use crate::transcript::Event;

    /// Alice, and the socket of somebody who asks her.
    fn alice_and_client() -> (UdpServer, UdpSocket) {
        let conditions = Conditions {
            launcher: Arc::new(Direct),
            scale: Scale::default(),
            stalls: true,
        };
        let stage = Rc::new(Stage::new(Arena::Host("a test".into()), conditions));
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let alice = UdpServer::open(&stage, "alice", address).expect("a socket");
        let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
        (alice, client)
    }

    #[test]
    fn of_a_flood_of_datagrams_so_many_are_kept_and_no_more() {
        let (alice, client) = alice_and_client();
        for _ in 0..30 {
            for _ in 0..50 {
                let sent = client.send_to(b"more", alice.address());
                sent.expect("loopback takes it");
            }
            for _ in 0..100 {
                alice.stage.advance();
            }
        }
        assert_eq!(alice.socket.inbox.borrow().len(), 1024);
    }

    /// What reaches alice of what the client sends.
    fn received(faults: Faults, sent: &[&str], count: usize) -> (Vec<String>, Vec<Event>) {
        let (mut alice, client) = alice_and_client();
        alice.faults(faults, Faults::none());
        for word in sent {
            let sent = client.send_to(word.as_bytes(), alice.address());
            sent.expect("loopback takes it");
        }
        let words = (0..count).map(|_| {
            let came = alice.datagram("a datagram").expect("one comes");
            String::from_utf8(came.bytes).expect("a word")
        });
        let words = words.collect();
        (words, alice.stage.transcript.events())
    }

    fn faults_told(events: &[Event]) -> Vec<Fault> {
        let fault = |event: &Event| match event.what {
            What::Network { fault, .. } => Some(fault),
            _ => None,
        };
        events.iter().filter_map(fault).collect()
    }

    #[test]
    fn faults_happen_on_the_way_from_the_program_and_are_told() {
        // Long enough for the others to be received meanwhile, also on a busy machine.
        let late = Fault::Late(Duration::from_millis(300));
        let faults = Faults::schedule([(1, late), (2, Fault::Lost), (4, Fault::Doubled)]);
        let (words, events) = received(faults, &["one", "two", "three", "four"], 4);
        assert_eq!(words, ["three", "four", "four", "one"]);
        assert_eq!(faults_told(&events), [late, Fault::Lost, Fault::Doubled]);
    }

    #[test]
    fn what_is_lost_is_not_answered_and_all_else_is_at_once() {
        let (mut alice, client) = alice_and_client();
        alice.faults(Faults::losing_the_first(1), Faults::none());
        alice.answer_with(|question| (question != b"no").then(|| [question, b"!"].concat()));
        for word in ["lost", "one", "no", "two"] {
            let sent = client.send_to(word.as_bytes(), alice.address());
            sent.expect("loopback takes it");
        }
        alice.stage.settle(clock::SILENCE);
        let mut buffer = [0; 10];
        for answer in [&b"one!"[..], b"two!"] {
            let len = client.recv(&mut buffer).expect("it comes");
            assert_eq!(&buffer[..len], answer);
        }
    }

    #[test]
    fn one_overtakes_another() {
        let faults = Faults::schedule([(1, Fault::Overtaken)]);
        let (words, events) = received(faults, &["one", "two"], 2);
        assert_eq!(words, ["two", "one"]);
        assert_eq!(faults_told(&events), [Fault::Overtaken]);
    }

    #[test]
    fn faults_happen_on_the_way_to_the_program() {
        let (mut alice, client) = alice_and_client();
        let faults = [(1, Fault::Lost), (2, Fault::Doubled)];
        alice.faults(Faults::none(), Faults::schedule(faults));
        let to = client.local_addr().expect("it is bound");
        for word in [b"one", b"two"] {
            alice.send(word, to).expect("it is sent");
        }
        let mut buffer = [0; 10];
        for _ in 0..2 {
            let (len, from) = client.recv_from(&mut buffer).expect("it comes");
            assert_eq!((&buffer[..len], from), (&b"two"[..], alice.address()));
        }
    }

    #[test]
    fn what_is_lost_has_arrived_all_the_same() {
        let (mut alice, client) = alice_and_client();
        alice.faults(Faults::losing_the_first(1), Faults::none());
        client.send_to(b"one", alice.address()).expect("it is sent");
        let arrival = alice.arrival("a datagram").expect("it came to the link");
        assert_eq!(arrival.fault, Some(Fault::Lost));
        assert_eq!(arrival.datagram.bytes, b"one");
        assert!(alice.socket.inbox.borrow().is_empty());
    }

    #[test]
    fn what_is_to_be_sent_later_is_sent_while_the_check_waits() {
        let (mut alice, client) = alice_and_client();
        let to = client.local_addr().expect("it is bound");
        alice.send_later(b"later", to, Duration::from_millis(5));
        client.send_to(b"one", alice.address()).expect("it is sent");
        alice.datagram("a datagram").expect("it comes");
        alice.stage.settle(clock::SILENCE);
        let mut buffer = [0; 10];
        let len = client.recv(&mut buffer).expect("it comes");
        assert_eq!(&buffer[..len], b"later");
    }
}
