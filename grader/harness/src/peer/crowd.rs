//! Many clients of the program's at once. One thread of the harness drives them all, through the
//! stage like any peer: none of them waits for another.

use std::net::SocketAddr;

use super::TcpPeer;
use super::connection::MOST_IN_CROWD;
use crate::clock;
use crate::descriptor_limit;
use crate::failure::{Actual, Expected, Stopped, Verdict};
use crate::payload::Payload;
use crate::program::Program;
use crate::random::Random;
use crate::run::Server;
use crate::stage::Ended;
use crate::transcript::{Transcript, What};

/// Clients called `client 1`, `client 2` and so on, all connected. They are closed when this is
/// dropped.
pub struct Crowd {
    clients: Vec<TcpPeer>,
}

impl Server {
    /// So many new clients, connected one after the other; the program has them all at the same time.
    ///
    /// They come as fast as the program accepts them: a queue that overflows makes the kernel drop
    /// connections, and their clients try again only after a second. A program that leaves them in the
    /// queue for good has failed.
    pub fn crowd(&self, count: usize) -> Verdict<Crowd> {
        descriptor_limit::lift();
        let mut queue = Queue::of(&self.program, self.address);
        let mut clients = Vec::new();
        let transcript = &self.program.stage.transcript;
        note(transcript, format!("{count} clients connect, and stay"));
        for number in 1..=count {
            let name = name(number);
            transcript.is_in_crowd(&name);
            let client = self.connect(&name)?;
            client.connection.most.set(MOST_IN_CROWD);
            clients.push(client);
            queue.has_grown_to(number)?;
        }
        queue.is_empty(count)?;
        Ok(Crowd { clients })
    }
}

fn note(transcript: &Transcript, text: String) {
    transcript.add("", What::Note { text });
}

fn name(number: usize) -> String {
    format!("client {number}")
}

/// The accept queue that a crowd goes through.
struct Queue<'a> {
    program: &'a Program,
    address: SocketAddr,
    /// After how many clients it is looked at.
    stride: usize,
}

impl<'a> Queue<'a> {
    fn of(program: &'a Program, address: SocketAddr) -> Self {
        const MOST: usize = 32;
        let listener = program.listener(address);
        let room = listener.map_or(MOST, |listener| listener.backlog as usize);
        Self {
            program,
            address,
            stride: (room / 2).clamp(1, MOST),
        }
    }

    /// Lets the program catch up, every few clients.
    fn has_grown_to(&mut self, clients: usize) -> Verdict {
        if clients.is_multiple_of(self.stride) {
            self.is_empty(clients)
        } else {
            Ok(())
        }
    }

    /// Waits until the program has accepted all of `clients`; where that cannot be seen, it is left
    /// to the kernel.
    fn is_empty(&self, clients: usize) -> Verdict {
        let waiting = || {
            let listener = self.program.listener(self.address);
            listener.map_or(0, |listener| listener.queued as usize)
        };
        let stage = &self.program.stage;
        let waited = stage.wait_closely(clock::STEP, || (waiting() == 0).then_some(()));
        let Err(ended) = waited else {
            return Ok(());
        };
        match waiting() {
            0 => Ok(()),
            // Clients are accepted in the order in which they came.
            left => Err(self.not_accepted(clients.saturating_sub(left) + 1, ended)),
        }
    }

    fn not_accepted(&self, number: usize, ended: Ended) -> Stopped {
        let received = Payload::new(b"");
        self.program.stage.fail(
            Some(&name(number)),
            Expected::Acceptance,
            Actual::Nothing { received },
            ended.into(),
        )
    }
}

impl Crowd {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.clients.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// Each client, in the crowd's order.
    pub fn clients(&mut self) -> impl DoubleEndedIterator<Item = &mut TcpPeer> + ExactSizeIterator {
        self.clients.iter_mut()
    }

    /// Puts the clients in another order: that of all that follows.
    pub fn shuffle(&mut self, random: &mut Random) {
        random.shuffle(&mut self.clients);
    }

    /// Each client sends what `message` says, one after the other, without waiting for an answer.
    pub fn send_each(&mut self, message: impl Fn(&TcpPeer) -> Vec<u8>) -> Verdict {
        self.note("send, and none waits for another");
        for client in &self.clients {
            client.begin_to_send(&message(client));
        }
        self.clients.iter_mut().try_for_each(TcpPeer::finish_offer)
    }

    /// Expects that exactly what `answer` says comes to each client next, in whatever order the
    /// program serves them.
    pub fn expect_each(&mut self, answer: impl Fn(&TcpPeer) -> Vec<u8>) -> Verdict {
        let mut clients = self.clients.iter_mut();
        clients.try_for_each(|client| client.expect(&answer(client)))
    }

    /// Expects that nothing comes to any of them, for as long as anything could.
    pub fn expect_silence(&mut self) -> Verdict {
        let mut clients = self.clients.iter_mut();
        clients.try_for_each(TcpPeer::expect_silence)
    }

    /// Each client ends its sending half.
    pub fn finish_sending(&mut self) -> Verdict {
        self.note("end their sending halves");
        self.clients
            .iter_mut()
            .try_for_each(TcpPeer::finish_sending)
    }

    /// Expects an orderly end for each client, and nothing before it.
    pub fn expect_end(&mut self) -> Verdict {
        self.clients.iter_mut().try_for_each(TcpPeer::expect_end)
    }

    /// All of them close.
    pub fn close(self) {
        self.note("close");
    }

    /// All of them reset their connections.
    pub fn reset(self) -> Verdict {
        self.note("reset their connections");
        self.clients.into_iter().try_for_each(TcpPeer::reset)
    }

    /// Tells of what all of them do.
    fn note(&self, what: &str) {
        if let Some(client) = self.clients.first() {
            let text = format!("all {} clients {what}", self.clients.len());
            note(&client.stage().transcript, text);
        }
    }

    /// The clients, to go on with one by one.
    pub fn into_clients(self) -> Vec<TcpPeer> {
        self.clients
    }
}
