//! A datagram socket of the grader's, with the link that leads to the program.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::net::sockopt::{set_socket_recv_buffer_size, set_socket_send_buffer_size};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketAddrAny, SocketFlags, SocketType, bind, connect,
    getsockname, recvfrom, sendto, socket_with,
};

use super::link::{Fault, Held, Link, Parcel};
use crate::closing::closing;
use crate::failure::GraderError;
use crate::kernel::stamps;
use crate::moment::Moment;
use crate::payload::Payload;
use crate::stage::{Source, Stage};
use crate::transcript::{Transcript, What};

/// What a peer's socket may hold until the peer reads it, in bytes: sixty of the largest datagrams.
/// Linux grants less where `net.core.rmem_max` is lower.
const RECEIVE_BUFFER: usize = 4 << 20;
/// macOS sends no datagram that is larger than the send buffer, which is 9,216 bytes at first.
const SEND_BUFFER: usize = 256 << 10;

/// Who does what the link does, in the transcript.
const NETWORK: &str = "network";

/// One datagram that came, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    /// The content, which may be empty.
    pub bytes: Vec<u8>,
    /// The sender.
    pub from: SocketAddr,
}

/// A datagram that the program sent, as it came to the link: the link may lose it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The datagram.
    pub datagram: Datagram,
    /// When it came.
    pub at: Moment,
    /// What the link did to it.
    pub fault: Option<Fault>,
}

/// How many datagrams a socket keeps that no expectation has asked for yet. A program that sends without
/// end must not fill our memory; what comes after them is lost, as datagrams may be.
const MOST: usize = 1024;

/// The socket, as the stage sees it.
pub(super) struct Socket {
    pub(super) name: String,
    pub(super) local: SocketAddr,
    fd: RefCell<Option<Rc<OwnedFd>>>,
    pub(super) link: RefCell<Link>,
    /// What the link has brought, and nobody has taken yet.
    pub(super) inbox: RefCell<VecDeque<Datagram>>,
    /// What came to the link, and nobody has taken yet; only where somebody wants to know.
    pub(super) arrivals: RefCell<Option<VecDeque<Arrival>>>,
    /// What the peer itself will send later.
    later: RefCell<Held<Parcel>>,
    /// When each datagram of the peer's left.
    pub(super) sent: RefCell<Vec<Moment>>,
    /// What the kernel had no room for.
    unsent: RefCell<VecDeque<Parcel>>,
    failed: Cell<Option<Errno>>,
    /// How many bytes at the start of each datagram are an id, and are shown as one.
    pub(super) id: Cell<usize>,
    /// How many datagrams have come.
    pub(super) heard: Cell<usize>,
    /// How many it hears at the most. Of what comes after them, nothing is told.
    pub(super) hears: Cell<usize>,
    /// When nothing lay in the socket.
    was_empty: Cell<Instant>,
    /// What each datagram is answered with, by itself.
    pub(super) answer: RefCell<Option<Box<Answer>>>,
}

/// The answer to a datagram; none if it gets none.
pub(super) type Answer = dyn Fn(&[u8]) -> Option<Vec<u8>>;

impl Socket {
    /// A socket called `name` that is bound to `address`, and known to the stage.
    pub(super) fn open(
        stage: &Stage,
        name: &str,
        address: SocketAddr,
    ) -> Result<Rc<Self>, GraderError> {
        let family = match address {
            SocketAddr::V4(_) => AddressFamily::INET,
            SocketAddr::V6(_) => AddressFamily::INET6,
        };
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let fd = socket_with(family, SocketType::DGRAM, flags, None)
            .map_err(GraderError::system("opening a socket"))?;
        // Room is good to have; where the system grants less, that is what there is.
        let _ = set_socket_recv_buffer_size(&fd, RECEIVE_BUFFER);
        let _ = set_socket_send_buffer_size(&fd, SEND_BUFFER);
        let was_empty = Cell::new(Instant::now());
        // Asked once, the kernel stamps all that come from now on.
        let _ = stamps::of_last(&fd);
        bind(&fd, &address).map_err(GraderError::system("binding"))?;
        let local = getsockname(&fd)
            .map_err(GraderError::system("asking for the socket's name"))
            .and_then(named)?;
        stage.name(local, name);
        stage.transcript.add(name, What::Binds { address: local });
        let socket = Rc::new(Self {
            name: name.to_owned(),
            local,
            fd: RefCell::new(Some(Rc::new(fd))),
            link: RefCell::default(),
            inbox: RefCell::default(),
            arrivals: RefCell::default(),
            later: RefCell::default(),
            sent: RefCell::default(),
            unsent: RefCell::default(),
            failed: Cell::new(None),
            id: Cell::new(0),
            heard: Cell::new(0),
            hears: Cell::new(usize::MAX),
            was_empty,
            answer: RefCell::default(),
        });
        stage.add(&(Rc::clone(&socket) as Rc<dyn Source>));
        Ok(socket)
    }

    /// Sends one datagram to `to`, over the link.
    pub(super) fn send(&self, bytes: &[u8], to: SocketAddr, transcript: &Transcript) {
        let payload = self.payload(bytes);
        transcript.add(&self.name, What::Sends { payload });
        let parcel = Parcel {
            bytes: bytes.to_vec(),
            address: to,
        };
        let fault = self
            .link
            .borrow_mut()
            .to_program
            .put(parcel, Instant::now());
        self.tell(transcript, fault, bytes);
        self.pass_on_to_program();
    }

    /// The same, `after` a while; what happens until then does not matter.
    pub(super) fn send_later(&self, bytes: &[u8], to: SocketAddr, after: Duration) {
        let parcel = Parcel {
            bytes: bytes.to_vec(),
            address: to,
        };
        let mut later = self.later.borrow_mut();
        later.until(Instant::now() + after, parcel);
    }

    /// Sends nothing of what was to be sent later.
    pub(super) fn send_no_more(&self) {
        self.later.borrow_mut().clear();
    }

    /// Whether all that the link has let through has left. An error where the kernel has refused it.
    pub(super) fn all_sent(&self) -> Option<Result<(), Errno>> {
        match self.failed.take() {
            Some(error) => Some(Err(error)),
            None => self.unsent.borrow().is_empty().then_some(Ok(())),
        }
    }

    /// Whether it hears no more.
    fn is_deaf(&self) -> bool {
        self.heard.get() >= self.hears.get() || self.inbox.borrow().len() >= MOST
    }

    /// From now on whatever is sent to this socket is refused with an ICMP error, as if its port were
    /// closed: connected to itself, it gets nothing that anybody else sends (`man 2 connect`). Systems
    /// other than Linux refuse to send from it from then on.
    pub(super) fn refuse_all(&self) -> Result<(), GraderError> {
        match &*self.fd.borrow() {
            Some(fd) => connect(fd, &self.local).map_err(GraderError::system("connecting")),
            None => Ok(()),
        }
    }

    /// Closes it.
    pub(super) fn close(&self) {
        let _no_copies = closing();
        self.fd.take();
    }

    fn receive(&self, fd: &OwnedFd, transcript: &Transcript) -> bool {
        // A program that never stops sending must not keep us from looking at anything else.
        const ROUNDS: usize = 64;
        let mut buffer = vec![0; 1 << 16];
        let mut moved = false;
        for _ in 0..ROUNDS {
            if self.is_deaf() {
                break;
            }
            let looked = Instant::now();
            match recvfrom(fd, &mut buffer[..], RecvFlags::empty()) {
                Ok((len, _, from)) => {
                    let Some(from) = from.and_then(|a| SocketAddr::try_from(a).ok()) else {
                        continue;
                    };
                    let at = self.arrived(fd, looked);
                    self.take_in(&buffer[..len], from, at, transcript);
                    moved = true;
                }
                Err(Errno::AGAIN) => {
                    self.was_empty.set(looked);
                    break;
                }
                // ECONNREFUSED tells of an earlier datagram that nobody took; the next call goes on.
                Err(Errno::INTR | Errno::CONNREFUSED) => {}
                Err(_) => {
                    self.close();
                    return true;
                }
            }
        }
        moved
    }

    /// When the datagram came that was asked for at `looked` and has just been received.
    fn arrived(&self, fd: &OwnedFd, looked: Instant) -> Moment {
        /// How far two clocks can part in the time that a datagram lies in a socket.
        const ABOUT: Duration = Duration::from_millis(1);
        let (asked, ago) = Moment::of(|| {
            let stamp = stamps::of_last(fd)?;
            SystemTime::now().duration_since(stamp).ok()
        });
        let seen = Moment::between(self.was_empty.get(), asked.not_after());
        // Of one that it has not stamped the kernel says that it came just now.
        let is_stamped = |ago: &Duration| asked.not_after() <= looked + *ago;
        ago.filter(is_stamped)
            .map_or(seen, |ago| seen.narrowed(asked, ago, ABOUT))
    }

    fn payload(&self, bytes: &[u8]) -> Payload {
        Payload::with_id(bytes, self.id.get())
    }

    /// Tells of a fault that a datagram has met.
    fn tell(&self, transcript: &Transcript, fault: Option<Fault>, bytes: &[u8]) {
        if let Some(fault) = fault {
            let payload = self.payload(bytes);
            transcript.add(NETWORK, What::Network { fault, payload });
        }
    }

    /// A datagram has come to the link.
    fn take_in(&self, bytes: &[u8], from: SocketAddr, at: Moment, transcript: &Transcript) {
        self.heard.set(self.heard.get() + 1);
        let now = Instant::now();
        let parcel = Parcel {
            bytes: bytes.to_vec(),
            address: from,
        };
        let fault = self.link.borrow_mut().from_program.put(parcel, now);
        self.tell(transcript, fault, bytes);
        if let Some(arrivals) = &mut *self.arrivals.borrow_mut() {
            let bytes = bytes.to_vec();
            arrivals.push_back(Arrival {
                datagram: Datagram { bytes, from },
                at,
                fault,
            });
        }
        self.pass_on_to_peer(transcript);
    }

    fn pass_on_to_peer(&self, transcript: &Transcript) -> bool {
        let arrived = self.link.borrow_mut().from_program.take(Instant::now());
        for parcel in &arrived {
            let received = What::Receives {
                payload: self.payload(&parcel.bytes),
                from: Some(parcel.address),
            };
            transcript.add(&self.name, received);
            self.inbox.borrow_mut().push_back(Datagram {
                bytes: parcel.bytes.clone(),
                from: parcel.address,
            });
            let answer = self.answer.borrow();
            if let Some(answer) = answer.as_ref().and_then(|answer| answer(&parcel.bytes)) {
                self.send(&answer, parcel.address, transcript);
            }
        }
        !arrived.is_empty()
    }

    fn pass_on_to_program(&self) -> bool {
        let arrived = self.link.borrow_mut().to_program.take(Instant::now());
        let mut unsent = self.unsent.borrow_mut();
        unsent.extend(arrived);
        let Some(fd) = self.fd.borrow().clone() else {
            unsent.clear();
            return false;
        };
        let mut moved = false;
        while let Some(parcel) = unsent.front() {
            let flags = SendFlags::NOSIGNAL;
            let (moment, sent) = Moment::of(|| sendto(&fd, &parcel.bytes, flags, &parcel.address));
            match sent {
                // Refused tells of an earlier datagram; this one has not been sent yet.
                Err(Errno::INTR | Errno::CONNREFUSED) => continue,
                Err(Errno::AGAIN) => break,
                Err(error) => self.failed.set(Some(error)),
                Ok(_) => self.sent.borrow_mut().push(moment),
            }
            unsent.pop_front();
            moved = true;
        }
        moved
    }
}

impl Source for Socket {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        let waits_for_room = !self.unsent.borrow().is_empty();
        let room = if waits_for_room {
            PollFlags::OUT
        } else {
            PollFlags::empty()
        };
        let fd = self.fd.borrow().clone().filter(|_| !self.is_deaf())?;
        Some((fd, PollFlags::IN | room))
    }

    fn advance(&self, transcript: &Transcript) -> bool {
        let Some(fd) = self.fd.borrow().clone().filter(|_| !self.is_deaf()) else {
            return false;
        };
        let mut moved = self.receive(&fd, transcript);
        moved |= self.pass_on_to_peer(transcript);
        let now_due = self.later.borrow_mut().released(Instant::now());
        for parcel in now_due {
            self.send(&parcel.bytes, parcel.address, transcript);
            moved = true;
        }
        moved | self.pass_on_to_program()
    }

    fn local(&self) -> Option<SocketAddr> {
        Some(self.local)
    }

    fn due(&self) -> Option<Instant> {
        if self.is_deaf() {
            return None;
        }
        let later = self.later.borrow().due();
        let link = self.link.borrow().due();
        [later, link].into_iter().flatten().min()
    }
}

fn named(any: SocketAddrAny) -> Result<SocketAddr, GraderError> {
    SocketAddr::try_from(any).map_err(GraderError::system("reading the socket's name"))
}
