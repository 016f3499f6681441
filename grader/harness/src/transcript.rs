//! What happened, in order: every act of the program and of its peers, as the harness saw it.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::output::Stream;
use crate::payload::Payload;
use crate::peer::link::Fault;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// Milliseconds since the check began.
    pub at_ms: f64,
    /// Who did it or saw it: `program`, `alice`.
    pub who: String,
    /// Whether that is one of a crowd, whose acts are told as those of all.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_crowd: bool,
    /// What it was.
    #[serde(flatten)]
    pub what: What,
}

/// The kinds of things that happen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// The program was started with these arguments.
    Starts {
        /// Program and arguments, as one would type them.
        command: String,
    },
    /// The program has a socket that listens.
    Listens {
        /// Where.
        address: SocketAddr,
    },
    /// The program or a peer has a UDP socket: nobody listens there, it is only bound.
    Binds {
        /// To what.
        address: SocketAddr,
    },
    /// A peer has connected.
    Connects {
        /// From where.
        local: SocketAddr,
    },
    /// A peer of the grader's accepted a connection of the program.
    Accepts {
        /// The program's end.
        remote: SocketAddr,
    },
    /// A peer sent bytes.
    Sends {
        /// Which.
        payload: Payload,
    },
    /// A peer received bytes.
    Receives {
        /// Which.
        payload: Payload,
        /// From where, where that can vary (datagrams).
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<SocketAddr>,
    },
    /// A peer ended its sending half (FIN) and still receives.
    EndsSending,
    /// A peer saw the orderly end of what the program sends.
    SeesTheEnd,
    /// A peer saw its connection reset.
    SeesReset {
        /// What the system call said: `ECONNRESET`.
        error: String,
    },
    /// A peer's connect was refused.
    Refused,
    /// A peer closed.
    Closes,
    /// A peer reset its connection.
    Resets,
    /// A peer is gone before the answer to what it sent can come.
    Vanishes,
    /// The network between the program and a peer did this to a datagram.
    Network {
        /// What.
        fault: Fault,
        /// Which datagram.
        payload: Payload,
    },
    /// The program printed something.
    Prints {
        /// On which stream.
        stream: Stream,
        /// What.
        payload: Payload,
    },
    /// The program printed bytes that are no lines.
    PrintsBytes {
        /// On which stream.
        stream: Stream,
        /// Which.
        payload: Payload,
    },
    /// The program printed lines of which each is not told.
    PrintsLines {
        /// On which stream.
        stream: Stream,
        /// How many.
        lines: usize,
        /// How many bytes they are in all.
        bytes: usize,
    },
    /// The program got lines of input of which each is not told.
    ReadsLines {
        /// How many.
        lines: usize,
        /// How many bytes they are in all.
        bytes: usize,
    },
    /// The program got input.
    Reads {
        /// Which.
        payload: Payload,
    },
    /// The program's standard input ended.
    InputEnds,
    /// The program ended.
    Exits {
        /// How, in words.
        how: String,
    },
    /// Waiting ended because nothing more can happen.
    Stalled,
    /// Waiting ended because time was up.
    TimeUp {
        /// After how many milliseconds.
        limit_ms: u64,
    },
    /// Waiting ended because the program called the kernel again and again, and nothing came of it.
    InCircles {
        /// For how many milliseconds the kernel was busy with its calls.
        busy_ms: u64,
    },
    /// Something that a check wants to say.
    Note {
        /// In words.
        text: String,
    },
}

/// The events of one check.
#[derive(Debug)]
pub struct Transcript {
    start: Instant,
    events: RefCell<Vec<Event>>,
    /// Those whose acts are told as those of all.
    crowd: RefCell<HashSet<String>>,
    /// Whether what peers send and receive is left out.
    in_short: Cell<bool>,
}

/// How many events a transcript keeps; a check that does more says enough with these.
const MOST: usize = 4000;

impl Transcript {
    /// An empty one; its clock starts now.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            events: RefCell::default(),
            crowd: RefCell::default(),
            in_short: Cell::new(false),
        }
    }

    /// Adds what just happened. Bytes that come in pieces become one event while nothing else
    /// happens between them.
    pub fn add(&self, who: &str, what: What) {
        if self.in_short.get() && matches!(what, What::Sends { .. } | What::Receives { .. }) {
            return;
        }
        let mut events = self.events.borrow_mut();
        if let Some(last) = events.last_mut()
            && last.who == who
            && continues(&mut last.what, &what)
        {
            return;
        }
        if events.len() < MOST {
            events.push(Event {
                at_ms: (self.elapsed().as_secs_f64() * 10_000.0).round() / 10.0,
                who: who.to_owned(),
                in_crowd: self.crowd.borrow().contains(who),
                what,
            });
        }
    }

    /// From now on `who` is one of a crowd.
    pub(crate) fn is_in_crowd(&self, who: &str) {
        self.crowd.borrow_mut().insert(who.to_owned());
    }

    /// Whether from now on what peers send and receive is left out.
    pub(crate) fn be_short(&self, short: bool) {
        self.in_short.set(short);
    }

    /// How long the check has been going on.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// All events so far.
    pub fn events(&self) -> Vec<Event> {
        self.events.borrow().clone()
    }

    /// Takes all events so far: what comes next is told apart from them.
    pub(crate) fn take(&self) -> Vec<Event> {
        self.events.take()
    }

    /// How many events there are.
    pub(crate) fn len(&self) -> usize {
        self.events.borrow().len()
    }

    /// Keeps the first `count` events: what came after them says nothing.
    pub(crate) fn forget_from(&self, count: usize) {
        self.events.borrow_mut().truncate(count);
    }

    /// What `who` sent, in order.
    pub fn sent(&self, who: &str) -> Vec<Payload> {
        let events = self.events.borrow();
        let sent = events.iter().filter_map(|event| match &event.what {
            What::Sends { payload } if event.who == who => Some(payload.clone()),
            _ => None,
        });
        sent.collect()
    }

    /// What `who` sent last.
    pub fn last_sent(&self, who: &str) -> Option<Payload> {
        self.sent(who).pop()
    }

    /// Whether `who` has said that it will send no more.
    pub fn has_ended_sending(&self, who: &str) -> bool {
        let events = self.events.borrow();
        events
            .iter()
            .any(|event| event.who == who && event.what == What::EndsSending)
    }

    /// Whether the program's standard input was ended.
    pub fn has_ended_input(&self) -> bool {
        let events = self.events.borrow();
        events.iter().any(|event| event.what == What::InputEnds)
    }

    /// Who else than `who` has sent this, if somebody has.
    pub fn other_sender(&self, who: &str, sent: &Payload) -> Option<String> {
        self.other(
            who,
            |what| matches!(what, What::Sends { payload } if payload == sent),
        )
    }

    /// Who else than `who` has received this, if somebody has.
    pub fn other_receiver(&self, who: &str, received: &Payload) -> Option<String> {
        self.other(
            who,
            |what| matches!(what, What::Receives { payload, .. } if payload == received),
        )
    }

    /// Who else than `who` has done the first thing of this kind.
    fn other(&self, who: &str, is_it: impl Fn(&What) -> bool) -> Option<String> {
        let events = self.events.borrow();
        let mut others = events.iter().filter(|event| event.who != who);
        others
            .find(|event| is_it(&event.what))
            .map(|event| event.who.clone())
    }

    /// How many bytes `who` has received.
    pub fn bytes_received(&self, who: &str) -> usize {
        let events = self.events.borrow();
        let of = |event: &Event| match &event.what {
            What::Receives { payload, .. } if event.who == who => payload.len,
            _ => 0,
        };
        events.iter().map(of).sum()
    }

    /// Whether `who` has received anything.
    pub fn has_received(&self, who: &str) -> bool {
        let events = self.events.borrow();
        let received =
            |event: &Event| event.who == who && matches!(event.what, What::Receives { .. });
        events.iter().any(received)
    }
}

impl Default for Transcript {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether `next` only carries on what `last` began; `last` then tells of both. Where a stream is cut
/// into pieces on its way to a peer is chance, and says nothing of the program; where a peer cuts what
/// it sends is the point of many checks, so small pieces of that stay apart.
fn continues(last: &mut What, next: &What) -> bool {
    match (last, next) {
        (
            What::Receives {
                payload,
                from: None,
            },
            What::Receives {
                payload: more,
                from: None,
            },
        ) => {
            payload.append(more);
            true
        }
        (
            What::PrintsBytes { stream, payload },
            What::PrintsBytes {
                stream: same,
                payload: more,
            },
        ) if stream == same => {
            payload.append(more);
            true
        }
        (What::Sends { payload }, What::Sends { payload: more })
            if payload.cut && more.len >= 1024 =>
        {
            payload.append(more);
            true
        }
        _ => false,
    }
}
