//! One TCP connection as the stage sees it: what goes in and out of it, and how it ends.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Instant;

use rustix::buffer::spare_capacity;
use rustix::event::PollFlags;
use rustix::io::Errno;
#[cfg(target_os = "linux")]
use rustix::net::sockopt::set_tcp_quickack;
use rustix::net::sockopt::socket_error;
use rustix::net::{RecvFlags, SendFlags, getsockname, recv, send};

use super::times::Times;
use crate::payload::Payload;
use crate::stage::Source;
use crate::transcript::{Transcript, What};

/// How many bytes a peer takes that no expectation has asked for yet: more than any lesson sends in one
/// go. A program that sends without end must not fill our memory, and waits for room then, as it would
/// with any client.
pub(super) const MOST: usize = 32 << 20;
/// The same of one of hundreds.
pub(super) const MOST_IN_CROWD: usize = 256 << 10;

/// How a connection's incoming half ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a FIN.
    Orderly,
    /// With a reset.
    Reset,
}

/// Whether a peer reads from the moment on at which it is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// All that arrives.
    Goes,
    /// Nothing, before [`TcpPeer::read_again`].
    Waits,
}

/// What has gone in and out of one connection so far.
#[derive(Default)]
pub(super) struct Flow {
    /// Received and not yet taken by an expectation.
    pub(super) inbox: Vec<u8>,
    /// All that was ever received, in bytes.
    pub(super) received: usize,
    /// Not yet handed to the kernel.
    pub(super) outbox: Vec<u8>,
    /// How much of the outbox has gone.
    pub(super) sent: usize,
    /// Bytes that the kernel had not taken yet when the connection was reset.
    pub(super) stranded: usize,
}

/// The connection as the stage sees it.
pub(super) struct Connection {
    pub(super) name: String,
    pub(super) fd: RefCell<Option<Rc<OwnedFd>>>,
    pub(super) local: Cell<Option<SocketAddr>>,
    pub(super) remote: SocketAddr,
    pub(super) flow: RefCell<Flow>,
    pub(super) connected: Cell<bool>,
    pub(super) refused: Cell<bool>,
    pub(super) end: Cell<Option<End>>,
    pub(super) times: Times,
    /// Ends that the transcript does not know of.
    pub(super) untold: RefCell<Vec<What>>,
    pub(super) reading: Cell<bool>,
    /// How many bytes it takes that no expectation has asked for yet.
    pub(super) most: Cell<usize>,
    /// Whether the last segment is kept back until the end can ride on it.
    pub(super) ending: Cell<bool>,
}

impl Connection {
    pub(super) fn fd(&self) -> Option<Rc<OwnedFd>> {
        self.fd.borrow().clone()
    }

    /// The connection is no more: what was to be sent never will be.
    fn lost(&self, error: Errno) {
        self.times.has_ended();
        if self.end.replace(Some(End::Reset)) != Some(End::Reset) {
            let error = match error {
                Errno::CONNRESET => "ECONNRESET".into(),
                Errno::PIPE => "EPIPE".into(),
                other => other.to_string(),
            };
            self.untold.borrow_mut().push(What::SeesReset { error });
        }
        let mut flow = self.flow.borrow_mut();
        flow.stranded += flow.outbox.len() - flow.sent;
        flow.outbox.clear();
        flow.sent = 0;
    }

    fn finish_connecting(&self, fd: &OwnedFd, transcript: &Transcript) -> bool {
        if self.connected.get() || self.refused.get() {
            return false;
        }
        match socket_error(fd) {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => {
                self.refused.set(true);
                transcript.add(&self.name, What::Refused);
                return true;
            }
        }
        let Ok(Some(_)) = rustix::net::getpeername(fd) else {
            return false;
        };
        let Some(local) = getsockname(fd)
            .ok()
            .and_then(|a| SocketAddr::try_from(a).ok())
        else {
            return false;
        };
        self.local.set(Some(local));
        self.connected.set(true);
        transcript.add(&self.name, What::Connects { local });
        true
    }

    pub(super) fn send_more(&self, fd: &OwnedFd, transcript: &Transcript) -> bool {
        let mut moved = false;
        loop {
            let mut flow = self.flow.borrow_mut();
            if flow.sent == flow.outbox.len() {
                flow.outbox.clear();
                flow.sent = 0;
                return moved;
            }
            match send(fd, &flow.outbox[flow.sent..], self.send_flags()) {
                Ok(len) => {
                    flow.sent += len;
                    moved = true;
                }
                Err(Errno::AGAIN) => return moved,
                Err(Errno::INTR) => {}
                Err(error) => {
                    drop(flow);
                    // An answer that came before the reset is still there to be received. The end behind
                    // it is none: it is what is left when the error has been told.
                    while self.is_receiving()
                        && matches!(self.receive_what_has_come(fd, transcript), (true, None))
                    {
                    }
                    self.lost(error);
                    return true;
                }
            }
        }
    }

    fn send_flags(&self) -> SendFlags {
        // MSG_MORE keeps a segment that is not full until more comes, or the end (`man 2 send`).
        #[cfg(target_os = "linux")]
        if self.ending.get() {
            return SendFlags::NOSIGNAL | SendFlags::MORE;
        }
        SendFlags::NOSIGNAL
    }

    fn is_receiving(&self) -> bool {
        let has_room = self.flow.borrow().inbox.len() < self.most.get();
        self.reading.get() && has_room && self.end.get().is_none()
    }

    fn receive_more(&self, fd: &OwnedFd, transcript: &Transcript) -> bool {
        let look = Instant::now();
        match self.receive_what_has_come(fd, transcript) {
            (moved, None) => {
                self.times.was_open_at(look);
                moved
            }
            (_, Some(Ok(()))) => {
                self.times.has_ended();
                self.end.set(Some(End::Orderly));
                self.untold.borrow_mut().push(What::SeesTheEnd);
                true
            }
            (_, Some(Err(error))) => {
                self.lost(error);
                true
            }
        }
    }

    /// Whether anything came, and how the incoming half has ended, if it has.
    fn receive_what_has_come(
        &self,
        fd: &OwnedFd,
        transcript: &Transcript,
    ) -> (bool, Option<Result<(), Errno>>) {
        // One connection that never stops must not keep us from looking at the others.
        const ROUNDS: usize = 16;
        // Not filled with zeros: most looks find nothing, and there may be hundreds of connections.
        let mut buffer = Vec::with_capacity(64 * 1024);
        let mut moved = false;
        for _ in 0..ROUNDS {
            buffer.clear();
            match recv(fd, spare_capacity(&mut buffer), RecvFlags::empty()) {
                Ok((0, _)) => return (moved, Some(Ok(()))),
                Ok((len, _)) => {
                    let payload = Payload::new(&buffer);
                    let received = What::Receives {
                        payload,
                        from: None,
                    };
                    transcript.add(&self.name, received);
                    let mut flow = self.flow.borrow_mut();
                    flow.inbox.extend_from_slice(&buffer);
                    flow.received += len;
                    moved = true;
                }
                Err(Errno::AGAIN) => break,
                Err(Errno::INTR) => {}
                Err(error) => return (moved, Some(Err(error))),
            }
        }
        (moved, None)
    }
}

impl Source for Connection {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        let fd = self.fd()?;
        let flow = self.flow.borrow();
        let mut flags = PollFlags::empty();
        let connecting = !self.connected.get() && !self.refused.get();
        flags.set(PollFlags::OUT, connecting || flow.sent < flow.outbox.len());
        flags.set(PollFlags::IN, self.connected.get() && self.is_receiving());
        // Without interest poll would still report a hang-up, again and again.
        (!flags.is_empty()).then_some((fd, flags))
    }

    fn advance(&self, transcript: &Transcript) -> bool {
        let Some(fd) = self.fd() else { return false };
        let mut moved = self.finish_connecting(&fd, transcript);
        if !self.connected.get() {
            return moved;
        }
        moved |= self.send_more(&fd, transcript);
        if self.is_receiving() {
            let received = self.receive_more(&fd, transcript);
            #[cfg(target_os = "linux")]
            if received {
                // Acknowledged at once, the program's kernel side has nothing under way, and a stall
                // is seen without waiting for a delayed ACK. An error changes nothing but that.
                let _ = set_tcp_quickack(&*fd, true);
            }
            moved |= received;
        }
        moved
    }

    fn has_untold_end(&self) -> bool {
        !self.untold.borrow().is_empty()
    }

    fn tell_of_its_end(&self, transcript: &Transcript) {
        for end in self.untold.take() {
            transcript.add(&self.name, end);
        }
    }

    fn local(&self) -> Option<SocketAddr> {
        self.local.get()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::{Ipv4Addr, TcpListener};
    use std::sync::Arc;

    use super::super::TcpPeer;
    use super::super::listener::stream_socket;
    use super::*;
    use crate::arena::Arena;
    use crate::clock::{self, Scale};
    use crate::launch::Direct;
    use crate::stage::{Conditions, Stage};

    #[test]
    fn a_peer_takes_so_much_and_no_more() {
        let conditions = Conditions {
            launcher: Arc::new(Direct),
            scale: Scale::default(),
            stalls: true,
        };
        let stage = Rc::new(Stage::new(Arena::Host("a test".into()), conditions));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let flood = std::thread::spawn(move || {
            let (mut client, _) = listener.accept().expect("alice comes");
            // More than alice takes and the kernel holds; she leaves before all of it is gone.
            let _ = client.write_all(&vec![b'x'; 2 * MOST]);
        });
        let fd = stream_socket(address).expect("a socket");
        let alice = TcpPeer::connect_socket(&stage, "alice", fd, address, Reading::Goes);
        let alice = alice.expect("somebody listens");
        let full = || (alice.inbox_len() >= MOST).then_some(());
        stage.let_pass(clock::STEP, full).expect("it comes");
        for _ in 0..100 {
            stage.advance();
        }
        // One go receives a megabyte at most.
        assert!(
            alice.inbox_len() <= MOST + (1 << 20),
            "{}",
            alice.inbox_len()
        );
        drop(alice);
        flood.join().expect("it ends with alice");
    }
}
