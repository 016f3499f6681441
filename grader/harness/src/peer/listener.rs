//! A server that the grader plays, for programs that are clients.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::sockopt::{set_socket_recv_buffer_size, set_socket_send_buffer_size};
use rustix::net::{
    AddressFamily, SocketFlags, SocketType, acceptfrom_with, bind, getsockname, listen, socket_with,
};

use super::{Echo, TcpPeer};
use crate::clock;
use crate::closing::closing;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Verdict};
use crate::payload::Payload;
use crate::stage::{Source, Stage};
use crate::transcript::{Transcript, What};

/// As the stage sees it.
struct Listening {
    name: String,
    fd: RefCell<Option<Rc<OwnedFd>>>,
    address: SocketAddr,
    accepted: RefCell<VecDeque<(OwnedFd, SocketAddr)>>,
}

impl Source for Listening {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        Some((self.fd.borrow().clone()?, PollFlags::IN))
    }

    fn advance(&self, transcript: &Transcript) -> bool {
        let Some(fd) = self.fd.borrow().clone() else {
            return false;
        };
        let mut moved = false;
        // An error means that the queue is empty, or that a client left it again.
        while let Ok((connection, from)) =
            acceptfrom_with(&fd, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK)
        {
            let Some(remote) = from.and_then(|from| SocketAddr::try_from(from).ok()) else {
                continue;
            };
            transcript.add(&self.name, What::Accepts { remote });
            self.accepted.borrow_mut().push_back((connection, remote));
            moved = true;
        }
        moved
    }

    fn is_called(&self) -> bool {
        true
    }

    fn local(&self) -> Option<SocketAddr> {
        Some(self.address)
    }
}

/// A server that the grader plays. It stops listening when this is dropped; connections that it has
/// accepted go on.
pub struct Listener {
    stage: Rc<Stage>,
    listening: Rc<Listening>,
}

impl Listener {
    /// Listens on a free port of `ip`.
    pub(crate) fn open(stage: &Rc<Stage>, name: &str, address: SocketAddr) -> Verdict<Self> {
        const BACKLOG: i32 = 128;
        let fd = listening_socket(address, BACKLOG)?;
        let address = local_address(&fd).unwrap_or(address);
        stage.transcript.add(name, What::Listens { address });
        stage.name(address, name);
        let listening = Rc::new(Listening {
            name: name.to_owned(),
            fd: RefCell::new(Some(Rc::new(fd))),
            address,
            accepted: RefCell::default(),
        });
        stage.add(&(Rc::clone(&listening) as Rc<dyn Source>));
        Ok(Self {
            stage: Rc::clone(stage),
            listening,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.listening.address
    }

    /// The sizes of the buffers of connections that come from now on, each way: without this the kernel
    /// lets them grow.
    pub fn limit_buffers(&self, bytes: usize) -> Verdict {
        if let Some(fd) = self.listening.fd.borrow().as_ref() {
            set_socket_recv_buffer_size(&**fd, bytes)
                .map_err(GraderError::system("setting SO_RCVBUF"))?;
            set_socket_send_buffer_size(&**fd, bytes)
                .map_err(GraderError::system("setting SO_SNDBUF"))?;
        }
        Ok(())
    }

    /// Waits until the program has connected, and gives the grader's end of that connection.
    pub fn accept(&mut self) -> Verdict<TcpPeer> {
        let (fd, remote) = self.arrival()?;
        let (name, local) = (&self.listening.name, self.address());
        Ok(TcpPeer::accepted(&self.stage, name, fd, local, remote)?)
    }

    /// The same for a connection on which the grader sends back what comes, and holds `room` bytes of it
    /// at most: when they find no room in the kernel, it receives no more.
    pub fn accept_to_echo(&mut self, room: usize) -> Verdict<Echo> {
        let (fd, _) = self.arrival()?;
        let (name, local) = (&self.listening.name, self.address());
        Ok(Echo::new(&self.stage, name, fd, local, room))
    }

    fn arrival(&mut self) -> Verdict<(OwnedFd, SocketAddr)> {
        let listening = &self.listening;
        let waited = self
            .stage
            .wait(clock::START, || listening.accepted.borrow_mut().pop_front());
        let ended = match waited {
            Ok(arrived) => return Ok(arrived),
            Err(ended) => ended,
        };
        let expected = Expected::Arrival {
            address: self.address(),
        };
        let actual = match self.stage.exit_in_words() {
            Some(how) => Actual::Exited { how },
            None => Actual::Nothing {
                received: Payload::new(b""),
            },
        };
        Err(self
            .stage
            .fail(Some(&self.listening.name), expected, actual, ended.into()))
    }

    /// The grader's end of a connection that is there already, if one is: for a program that may connect
    /// and need not.
    pub fn accept_if_connected(&mut self) -> Verdict<Option<TcpPeer>> {
        self.stage.advance();
        let accepted = self.listening.accepted.borrow_mut().pop_front();
        let Some((fd, remote)) = accepted else {
            return Ok(None);
        };
        let (name, local) = (&self.listening.name, self.address());
        Ok(Some(TcpPeer::accepted(
            &self.stage,
            name,
            fd,
            local,
            remote,
        )?))
    }

    /// Expects that the program does not connect (again).
    pub fn expect_nobody(&mut self) -> Verdict {
        let listening = &self.listening;
        let waited = self.stage.wait(clock::SILENCE, || {
            let accepted = listening.accepted.borrow();
            accepted.front().map(|(_, remote)| *remote)
        });
        let Ok(remote) = waited else { return Ok(()) };
        let expected = Expected::Fact {
            what: "no further connection".into(),
        };
        let actual = Actual::Other {
            what: format!("one came from {remote}"),
        };
        Err(self.stage.fail(
            Some(&self.listening.name),
            expected,
            actual,
            DecidedBy::Observation,
        ))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _no_copies = closing();
        self.listening.fd.take();
    }
}

/// A listener that answers nobody: its accept queue is full and stays so. The kernel drops the SYN of
/// whoever else connects, who hears nothing.
pub struct FullListener {
    address: SocketAddr,
    _listener: OwnedFd,
    _waiting: Vec<OwnedFd>,
}

impl FullListener {
    /// Listens on a free port of loopback and fills its own queue.
    pub(crate) fn open(stage: &Rc<Stage>, name: &str, address: SocketAddr) -> Verdict<Self> {
        let listener = listening_socket(address, 0)?;
        let address = local_address(&listener).unwrap_or(address);
        // A queue for 0 takes one (`sk_acceptq_is_full` in the kernel's `include/net/sock.h`); the others
        // find it full.
        let mut waiting = Vec::new();
        for _ in 0..3 {
            let client = stream_socket(address)?;
            // In progress for ever, which is the point.
            let _ = rustix::net::connect(&client, &address);
            if let Some(own) = local_address(&client) {
                stage.name(own, name);
            }
            waiting.push(client);
        }
        wait_for_a_connection(stage, &listener)?;
        stage.transcript.add(
            name,
            What::Note {
                text: format!("listens on {address}, its queue is full, and it accepts nobody"),
            },
        );
        stage.name(address, name);
        Ok(Self {
            address,
            _listener: listener,
            _waiting: waiting,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Waits until there is a connection in the queue of `listener`: the kernel's own doing, which is done
/// at once unless the machine is busy.
fn wait_for_a_connection(stage: &Stage, listener: &OwnedFd) -> Result<(), GraderError> {
    let limit = stage.conditions.scale.apply(clock::STEP);
    let limit = Timespec::try_from(limit).ok();
    let mut ready = [PollFd::new(listener, PollFlags::IN)];
    let doing = "waiting for an accept queue to fill";
    match poll(&mut ready, limit.as_ref()).map_err(GraderError::system(doing))? {
        0 => Err(GraderError::system(doing)(Errno::TIMEDOUT)),
        _ => Ok(()),
    }
}

/// Where this socket is bound, if it is.
fn local_address(socket: &OwnedFd) -> Option<SocketAddr> {
    SocketAddr::try_from(getsockname(socket).ok()?).ok()
}

fn listening_socket(address: SocketAddr, backlog: i32) -> Result<OwnedFd, GraderError> {
    let fd = stream_socket(address)?;
    bind(&fd, &address).map_err(GraderError::system("binding"))?;
    listen(&fd, backlog).map_err(GraderError::system("listening"))?;
    Ok(fd)
}

/// A non-blocking TCP socket of the family of `address`.
pub(super) fn stream_socket(address: SocketAddr) -> Result<OwnedFd, GraderError> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    socket_with(family, SocketType::STREAM, flags, None)
        .map_err(GraderError::system("opening a socket"))
}
