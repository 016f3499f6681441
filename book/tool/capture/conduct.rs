//! Lets programs of the course run in this thread's network, and sees what each of their calls sets in
//! motion.
//!
//! The programs are held at each call that concerns a socket. One call is made at a time, and then the
//! wire comes to rest. A call that would wait is not let go before it need not wait any more: whether it
//! would is asked of the kernel, with `poll` on a copy of the descriptor. So the order of the calls does
//! not depend on how busy the machine is. Where several could be made, the server goes first.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, bail};
use nix::libc;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{SocketAddrAny, getpeername, getsockname};

use super::asked::{self, Asked};
use super::patience::Patience;
use super::results::{name, received};
use super::script::{Call, Capture, Side, Verb, WAITS};
use super::tracee::{Stop, Tracee};
use super::wire::{Due, What, Wire};
use crate::packet::Packet;

/// Makes the capture again. `programs` are the words that start each of its programs.
pub(crate) fn conduct(
    kept: &Capture,
    programs: &[Vec<String>],
    folder: &Path,
) -> anyhow::Result<Capture> {
    let mut actors = Vec::new();
    for (program, words) in kept.source.programs.iter().zip(programs) {
        let interrupt = kept.source.interrupt;
        actors.push(Actor {
            tracee: Tracee::start(words, folder).with_context(|| words.join(" "))?,
            side: program.side,
            held: None,
            sleeps: 0,
            last_sleep: interrupt.and_then(|(side, n)| (program.side == Some(side)).then_some(n)),
        });
    }
    let processes: anyhow::Result<Vec<_>> = actors.iter().map(|a| a.tracee.process()).collect();
    let patience = Patience::begin(processes?);
    let mut stage = Stage {
        wire: Wire::tap()?,
        actors,
        sockets: HashMap::new(),
        roles: Vec::new(),
        queued: HashSet::new(),
        gone: HashSet::new(),
        told: Vec::new(),
    };
    let played = stage.play();
    patience.end()?;
    played?;
    Ok(Capture {
        calls: stage.calls(),
        ..kept.clone()
    })
}

/// A program.
#[derive(Debug)]
struct Actor {
    tracee: Tracee,
    /// None if it holds both ends.
    side: Option<Side>,
    /// The call at which it is held; none once it has ended.
    held: Option<Asked>,
    sleeps: u32,
    /// The sleep in which it is interrupted.
    last_sleep: Option<u32>,
}

/// What is known of a socket.
#[derive(Clone, Copy, Debug)]
struct Socket {
    /// Its place in `roles`.
    number: usize,
    /// Its own port and the other side's, once there are two.
    ports: Option<(u16, u16)>,
    /// The port on which it listens.
    listens_on: Option<u16>,
    is_stream: bool,
    /// Whether its sending half is open: then closing it sends something.
    sends: bool,
}

/// A call that was made, and on which socket.
#[derive(Debug)]
struct Told {
    actor: usize,
    /// None for what concerns the whole program.
    socket: Option<usize>,
    verb: Verb,
    result: String,
    frames: Vec<Packet>,
}

#[derive(Debug)]
struct Stage {
    wire: Wire,
    actors: Vec<Actor>,
    /// By actor and descriptor.
    sockets: HashMap<(usize, i32), Socket>,
    /// Which side a socket is, by its number: known when it binds or connects.
    roles: Vec<Option<Side>>,
    /// Connections that nobody has accepted yet, by the listener's port and the client's.
    queued: HashSet<(u16, u16)>,
    /// Connections that a reset has ended, by their ports in both orders.
    gone: HashSet<(u16, u16)>,
    told: Vec<Told>,
}

impl Stage {
    fn play(&mut self) -> anyhow::Result<()> {
        for actor in 0..self.actors.len() {
            self.advance(actor)?;
        }
        while self.actors.iter().any(|actor| actor.held.is_some()) {
            let mut next = None;
            for actor in 0..self.actors.len() {
                if next.is_none() && self.can_go_on(actor)? {
                    next = Some(actor);
                }
            }
            match next {
                Some(actor) => {
                    self.act(actor)?;
                    self.advance(actor)?;
                }
                None if self.is_over() => return Ok(()),
                None => bail!("all wait for ever; so far: {:#?}", self.told),
            }
        }
        Ok(())
    }

    /// Whether nobody is left but a server that waits for the next client.
    fn is_over(&self) -> bool {
        let verbs = self.actors.iter().filter_map(|actor| {
            let asked = actor.held.as_ref()?;
            Some((actor.side, &asked.verb))
        });
        verbs.eq([(Some(Side::Server), &Verb::Accept)])
    }

    /// Lets an actor run to its next call.
    fn advance(&mut self, actor: usize) -> anyhow::Result<()> {
        loop {
            let sockets = &self.sockets;
            let this = &mut self.actors[actor];
            match this.tracee.step()? {
                Stop::Returns(_) => {}
                Stop::Begins(call) if call.number == libc::SYS_clock_nanosleep => {
                    this.sleeps += 1;
                    if this.last_sleep == Some(this.sleeps) {
                        this.tracee.interrupt()?;
                        while this.tracee.step()? != Stop::Ended {}
                        return self.ended(actor, Verb::Interrupt);
                    }
                }
                Stop::Begins(call) => {
                    let is_drawn = |descriptor| sockets.contains_key(&(actor, descriptor));
                    if let Some(asked) = asked::read(&call, &this.tracee, is_drawn)? {
                        this.held = Some(asked.clone());
                        if !self.can_go_on(actor)? {
                            let number = self.number(actor, &asked);
                            self.tell(actor, number, asked.verb, WAITS.into(), Vec::new());
                        }
                        return Ok(());
                    }
                }
                Stop::Ended => return self.ended(actor, Verb::Exit),
            }
        }
    }

    /// Whether an actor is held at a call that would return at once.
    fn can_go_on(&self, actor: usize) -> anyhow::Result<bool> {
        let this = &self.actors[actor];
        let Some(asked) = &this.held else {
            return Ok(false);
        };
        let flags = match asked.verb {
            Verb::Accept | Verb::Recv(_) | Verb::RecvFrom(_) | Verb::Poll { writable: false } => {
                PollFlags::IN
            }
            Verb::Poll { writable: true } => PollFlags::OUT,
            _ => return Ok(true),
        };
        let copy = this
            .tracee
            .copy(asked.descriptor.context("waits for nothing")?)?;
        let mut polled = [PollFd::new(&copy, flags)];
        Ok(poll(&mut polled, Some(&Timespec::default()))? > 0)
    }

    /// Makes the call at which an actor is held.
    fn act(&mut self, actor: usize) -> anyhow::Result<()> {
        let asked = self.actors[actor].held.take().context("held nowhere")?;
        let due_at_close = self.due_at_close(actor, &asked);
        let number = self.number(actor, &asked);
        let value = match self.actors[actor].tracee.step()? {
            Stop::Returns(value) => value,
            other => bail!("{:?} does not return: {other:?}", asked.verb),
        };
        let result = match usize::try_from(value) {
            Ok(value) => Ok(value),
            Err(_) => Err(Errno::from_raw_os_error(i32::try_from(-value)?)),
        };
        let due = match result {
            Ok(value) => self
                .book(actor, &asked, value)?
                .map_or(due_at_close, |due| vec![due]),
            // It goes on by itself.
            Err(Errno::INPROGRESS) => {
                self.book(actor, &asked, 0)?;
                Vec::new()
            }
            Err(_) => Vec::new(),
        };
        let text = self.in_words(actor, &asked, result)?;
        let frames = self.wire.until_at_rest(due)?;
        self.remember_resets(&frames)?;
        // None is that of a socket that has just been made.
        let number = number.or(self.roles.len().checked_sub(1));
        self.tell(actor, number, asked.verb, text, frames);
        Ok(())
    }

    /// Keeps what a call that has not failed has changed. What it sends, if anything.
    fn book(&mut self, actor: usize, asked: &Asked, value: usize) -> anyhow::Result<Option<Due>> {
        let Some(descriptor) = asked.descriptor else {
            self.new_socket(actor, value, asked.verb == Verb::SocketStream, None)?;
            return Ok(None);
        };
        let key = (actor, descriptor);
        let mut socket = *self.sockets.get(&key).context("no such socket")?;
        match &asked.verb {
            Verb::Bind(_) => self.roles[socket.number] = Some(Side::Server),
            Verb::Listen(_) => {
                self.roles[socket.number] = Some(Side::Server);
                socket.listens_on = Some(self.own_port(actor, descriptor)?);
            }
            Verb::Connect(to) => {
                self.roles[socket.number] = Some(Side::Client);
                let own = self.own_port(actor, descriptor)?;
                socket.ports = Some((own, to.port()));
                socket.sends = socket.is_stream;
                if socket.is_stream {
                    self.queued.insert((to.port(), own));
                }
            }
            Verb::Accept => {
                self.new_socket(actor, value, true, Some(Side::Server))?;
                return Ok(None);
            }
            Verb::SendTo(_, Some(to)) => {
                self.roles[socket.number].get_or_insert(Side::Client);
                socket.ports = Some((self.own_port(actor, descriptor)?, to.port()));
            }
            Verb::Shutdown => socket.sends = false,
            Verb::Close => {
                self.sockets.remove(&key);
                return Ok(None);
            }
            _ => {}
        }
        self.sockets.insert(key, socket);
        let what = match &asked.verb {
            Verb::Send(_) | Verb::SendTo(..) => What::Payload,
            Verb::Shutdown => What::EndOrReset,
            _ => return Ok(None),
        };
        let (from, to) = socket.ports.context("sends, and to nobody")?;
        let [from, to] = [from, to].map(Some);
        Ok(Some(Due { what, from, to }))
    }

    fn new_socket(
        &mut self,
        actor: usize,
        descriptor: usize,
        is_stream: bool,
        accepted_by: Option<Side>,
    ) -> anyhow::Result<()> {
        let descriptor = i32::try_from(descriptor)?;
        let mut socket = Socket {
            number: self.roles.len(),
            ports: None,
            listens_on: None,
            is_stream,
            sends: false,
        };
        if accepted_by.is_some() {
            let copy = self.actors[actor].tracee.copy(descriptor)?;
            let other = getpeername(&copy)?.context("accepted from nobody")?;
            let ports = (port(getsockname(&copy)?)?, port(other)?);
            self.queued.remove(&ports);
            socket.ports = Some(ports);
            socket.sends = true;
        }
        self.roles.push(accepted_by);
        self.sockets.insert((actor, descriptor), socket);
        Ok(())
    }

    fn own_port(&self, actor: usize, descriptor: i32) -> anyhow::Result<u16> {
        port(getsockname(self.actors[actor].tracee.copy(descriptor)?)?)
    }

    /// What the close of a socket sends, if `asked` is one.
    fn due_at_close(&self, actor: usize, asked: &Asked) -> Vec<Due> {
        let descriptor = asked.descriptor.filter(|_| asked.verb == Verb::Close);
        let socket = descriptor.and_then(|number| self.sockets.get(&(actor, number)));
        socket.map_or_else(Vec::new, |socket| self.last_words(socket))
    }

    /// An end, if the sending half is open; and resets to those whom a listener leaves in its queue.
    fn last_words(&self, socket: &Socket) -> Vec<Due> {
        let own = socket.ports.filter(|_| socket.sends);
        let left = self.queued.iter().copied();
        let left = left.filter(|(listener, _)| socket.listens_on == Some(*listener));
        own.into_iter()
            .chain(left)
            .filter(|ports| !self.gone.contains(ports))
            .map(|(from, to)| Due {
                what: What::EndOrReset,
                from: Some(from),
                to: Some(to),
            })
            .collect()
    }

    /// The kernel has closed what a program that has ended left open.
    fn ended(&mut self, actor: usize, verb: Verb) -> anyhow::Result<()> {
        let left: Vec<(usize, i32)> = self.sockets.keys().copied().collect();
        let left: Vec<Socket> = left
            .into_iter()
            .filter(|(owner, _)| *owner == actor)
            .filter_map(|key| self.sockets.remove(&key))
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        let due = left.iter().flat_map(|socket| self.last_words(socket));
        let frames = self.wire.until_at_rest(due.collect())?;
        self.remember_resets(&frames)?;
        let number = left.first().map(|socket| socket.number);
        self.tell(actor, number, verb, "0".into(), frames);
        Ok(())
    }

    fn remember_resets(&mut self, frames: &[Packet]) -> anyhow::Result<()> {
        for frame in frames.iter().filter(|f| f.tcp().is_some_and(|tcp| tcp.rst)) {
            let (from, to) = frame.ports()?;
            self.gone.extend([(from, to), (to, from)]);
        }
        Ok(())
    }

    /// What a call has returned, as a capture says it.
    fn in_words(
        &self,
        actor: usize,
        asked: &Asked,
        result: rustix::io::Result<usize>,
    ) -> anyhow::Result<String> {
        Ok(match (&asked.verb, result) {
            (_, Err(error)) => name(error),
            (Verb::SocketStream | Verb::SocketDatagram, Ok(_)) => "a socket".into(),
            (Verb::Accept, Ok(_)) => "a connection".into(),
            (Verb::Poll { writable: true }, Ok(1)) => "writable".into(),
            (Verb::Poll { writable: false }, Ok(1)) => "readable".into(),
            (Verb::SocketError, Ok(_)) => {
                let bytes = self.actors[actor].tracee.memory(asked.buffer, 4)?;
                let (error, _) = bytes.split_first_chunk().context("half an int")?;
                match i32::from_ne_bytes(*error) {
                    0 => "0".into(),
                    error => name(Errno::from_raw_os_error(error)),
                }
            }
            (Verb::Recv(_) | Verb::RecvFrom(_), Ok(len)) => {
                let bytes = self.actors[actor].tracee.memory(asked.buffer, len)?;
                received(Ok(len), &bytes)
            }
            (_, Ok(value)) => value.to_string(),
        })
    }

    /// The number of the socket that a call concerns.
    fn number(&self, actor: usize, asked: &Asked) -> Option<usize> {
        let socket = self.sockets.get(&(actor, asked.descriptor?));
        socket.map(|socket| socket.number)
    }

    fn tell(
        &mut self,
        actor: usize,
        socket: Option<usize>,
        verb: Verb,
        result: String,
        frames: Vec<Packet>,
    ) {
        self.told.push(Told {
            actor,
            socket,
            verb,
            result,
            frames,
        });
    }

    /// What happened, each call with the side that its socket turned out to be.
    fn calls(self) -> Vec<Call> {
        let Self {
            actors,
            roles,
            told,
            ..
        } = self;
        let side = |actor: usize, socket: Option<usize>| {
            let role = socket.and_then(|number| roles[number]);
            actors[actor].side.or(role).unwrap_or(Side::Client)
        };
        told.into_iter()
            .map(|told| Call {
                side: side(told.actor, told.socket),
                verb: told.verb,
                result: told.result,
                frames: told.frames,
            })
            .collect()
    }
}

fn port(address: SocketAddrAny) -> anyhow::Result<u16> {
    Ok(SocketAddr::try_from(address)?.port())
}
