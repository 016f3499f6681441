//! A client of the program's: one TCP connection, with a name.

use std::cell::{Cell, RefCell};
use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::PollFlags;
use rustix::io::Errno;
#[cfg(target_os = "linux")]
use rustix::net::sockopt::set_tcp_quickack;
use rustix::net::sockopt::{set_socket_linger, set_tcp_nodelay, socket_error};
use rustix::net::{
    RecvFlags, SendFlags, Shutdown, bind, connect, getsockname, recv, send, shutdown,
};

use super::listener::stream_socket;
use super::times::Times;
use crate::clock;
use crate::closing::closing;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Stopped, Verdict};
use crate::kernel::SocketRow;
use crate::moment::Moment;
use crate::payload::{Difference, Payload};
use crate::stage::{Ended, Source, Stage};
use crate::transcript::{Transcript, What};

/// How a connection's incoming half ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With a FIN.
    Orderly,
    /// With a reset.
    Reset,
}

/// What has gone in and out of one connection so far.
#[derive(Default)]
struct Flow {
    /// Received and not yet taken by an expectation.
    inbox: Vec<u8>,
    /// All that was ever received, in bytes.
    received: usize,
    /// Not yet handed to the kernel.
    outbox: Vec<u8>,
    /// How much of the outbox has gone.
    sent: usize,
    /// Bytes that the kernel had not taken yet when the connection was reset.
    stranded: usize,
}

/// The connection as the stage sees it.
struct Connection {
    name: String,
    fd: RefCell<Option<Rc<OwnedFd>>>,
    local: Cell<Option<SocketAddr>>,
    remote: SocketAddr,
    flow: RefCell<Flow>,
    connected: Cell<bool>,
    refused: Cell<bool>,
    end: Cell<Option<End>>,
    times: Times,
    /// Ends that the transcript does not know of.
    untold: RefCell<Vec<What>>,
    reading: Cell<bool>,
    /// Whether the last segment is kept back until the end can ride on it.
    ending: Cell<bool>,
}

impl Connection {
    fn fd(&self) -> Option<Rc<OwnedFd>> {
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

    fn send_more(&self, fd: &OwnedFd, transcript: &Transcript) -> bool {
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
        self.reading.get() && self.end.get().is_none()
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

/// A client of the program's. Its connection is closed when this is dropped.
///
/// Whatever it does, it reads meanwhile all that arrives, unless it was told to
/// [stop reading](TcpPeer::stop_reading).
pub struct TcpPeer {
    stage: Rc<Stage>,
    connection: Rc<Connection>,
}

impl TcpPeer {
    /// Connects to `address` and waits until the kernel has accepted the connection.
    pub(crate) fn connect(stage: &Rc<Stage>, name: &str, address: SocketAddr) -> Verdict<Self> {
        let fd = stream_socket(address)?;
        Self::connect_socket(stage, name, fd, address)
    }

    /// The same from `ip`, one of this machine's own addresses; from the one that the kernel chooses
    /// where the machine does not have it.
    pub(crate) fn connect_from(
        stage: &Rc<Stage>,
        name: &str,
        ip: IpAddr,
        address: SocketAddr,
    ) -> Verdict<Self> {
        let fd = stream_socket(address)?;
        match bind(&fd, &SocketAddr::new(ip, 0)) {
            Ok(()) | Err(Errno::ADDRNOTAVAIL) => Self::connect_socket(stage, name, fd, address),
            Err(e) => Err(GraderError::system("binding a client's socket")(e).into()),
        }
    }

    /// The same, and ends the sending half at once. On Linux the end comes with the last segment of
    /// the handshake, so the program finds it there when it accepts: a client that delays its
    /// acknowledgements keeps that one back until it has more to say.
    pub(crate) fn connect_half_closed(
        stage: &Rc<Stage>,
        name: &str,
        address: SocketAddr,
    ) -> Verdict<Self> {
        let fd = stream_socket(address)?;
        #[cfg(target_os = "linux")]
        set_tcp_quickack(&fd, false).map_err(GraderError::system("setting TCP_QUICKACK"))?;
        let mut peer = Self::connect_socket(stage, name, fd, address)?;
        peer.finish_sending()?;
        Ok(peer)
    }

    pub(super) fn connect_socket(
        stage: &Rc<Stage>,
        name: &str,
        fd: OwnedFd,
        address: SocketAddr,
    ) -> Verdict<Self> {
        let (made, peer) = Moment::of(|| Self::begin(stage, name, fd, address));
        let peer = peer?;
        let connection = &peer.connection;
        connection.times.was_made(made);
        // On loopback it is connected by now: told of before whatever the program does about it.
        connection.advance(&stage.transcript);
        let connected = stage.wait(clock::STEP, || {
            (connection.connected.get() || connection.refused.get())
                .then(|| connection.connected.get())
        });
        let (actual, decided_by) = match connected {
            Ok(true) => {
                if let Some(local) = connection.local.get() {
                    stage.name(local, name);
                }
                return Ok(peer);
            }
            Ok(false) => (Actual::Refused, DecidedBy::Observation),
            Err(ended) => {
                let received = Payload::new(b"");
                (Actual::Nothing { received }, ended.into())
            }
        };
        Err(stage.fail(Some(name), Expected::Connection, actual, decided_by))
    }

    fn begin(
        stage: &Rc<Stage>,
        name: &str,
        fd: OwnedFd,
        address: SocketAddr,
    ) -> Result<Self, GraderError> {
        let refused = match connect(&fd, &address) {
            Ok(()) | Err(Errno::INPROGRESS) => false,
            Err(Errno::CONNREFUSED) => true,
            Err(e) => return Err(GraderError::system("connecting")(e)),
        };
        let peer = Self::with(stage, name, fd, address)?;
        peer.connection.refused.set(refused);
        Ok(peer)
    }

    /// The grader's end of a connection that the program has opened.
    pub(super) fn accepted(
        stage: &Rc<Stage>,
        name: &str,
        fd: OwnedFd,
        local: SocketAddr,
        remote: SocketAddr,
    ) -> Result<Self, GraderError> {
        let peer = Self::with(stage, name, fd, remote)?;
        peer.connection.local.set(Some(local));
        peer.connection.connected.set(true);
        Ok(peer)
    }

    fn with(
        stage: &Rc<Stage>,
        name: &str,
        fd: OwnedFd,
        remote: SocketAddr,
    ) -> Result<Self, GraderError> {
        // Each send is a segment of its own, as far as the window lets it.
        set_tcp_nodelay(&fd, true).map_err(GraderError::system("setting TCP_NODELAY"))?;
        let connection = Rc::new(Connection {
            name: name.to_owned(),
            fd: RefCell::new(Some(Rc::new(fd))),
            local: Cell::new(None),
            remote,
            flow: RefCell::default(),
            connected: Cell::new(false),
            refused: Cell::new(false),
            end: Cell::new(None),
            times: Times::new(),
            untold: RefCell::default(),
            reading: Cell::new(true),
            ending: Cell::new(false),
        });
        stage.add(&(Rc::clone(&connection) as Rc<dyn Source>));
        Ok(Self {
            stage: Rc::clone(stage),
            connection,
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.connection.name
    }

    /// The program's end of the connection.
    pub fn remote(&self) -> SocketAddr {
        self.connection.remote
    }

    /// The peer's own address.
    pub fn local(&self) -> Option<SocketAddr> {
        self.connection.local.get()
    }

    /// A failure about an answer that the check itself has judged: `what` describes what was due.
    pub fn answered_otherwise(&self, what: &str, answer: &[u8]) -> Stopped {
        let what = what.to_owned();
        let payload = Payload::new(answer);
        let actual = Actual::Answer { payload };
        self.fail(Expected::Answer { what }, actual, DecidedBy::Observation)
    }

    /// Hands `bytes` to the kernel in one piece, and waits until it has taken all of them. What becomes
    /// of the connection then is for the next expectation to say.
    pub fn send(&mut self, bytes: &[u8]) -> Verdict {
        self.send_unless_reset(bytes)?;
        self.taken_unless_stranded()
    }

    /// The same for what the program may cut short: whether it took all of it. `false` says that it
    /// has closed the connection while bytes were under way, so that the kernel reset it.
    pub fn send_unless_reset(&mut self, bytes: &[u8]) -> Verdict<bool> {
        self.offer(bytes);
        self.wait_until_taken(clock::STEP)
    }

    /// Waits until the kernel has taken all that was offered. Whether it did, before a reset.
    pub(super) fn wait_until_taken(&self, limit: Duration) -> Verdict<bool> {
        let waited = self.stage.wait(limit, || self.is_taken());
        waited.map_err(|ended| self.not_taken(self.nothing_more(), ended.into()))
    }

    /// Whether the kernel has taken all that was offered; none while it has not yet.
    fn is_taken(&self) -> Option<bool> {
        let flow = self.connection.flow.borrow();
        match flow.stranded {
            0 => flow.outbox.is_empty().then_some(true),
            _ => Some(false),
        }
    }

    /// Waits until all that this peer [has begun to send](Self::begin_to_send) has gone.
    pub(super) fn finish_offer(&mut self) -> Verdict {
        // Among hundreds of peers, a wait for nothing would take long.
        if self.is_taken() == Some(true) || self.wait_until_taken(clock::STEP)? {
            return Ok(());
        }
        self.taken_unless_stranded()
    }

    /// What was not taken of a connection that was reset is a failure.
    pub(super) fn taken_unless_stranded(&self) -> Verdict {
        if self.connection.flow.borrow().stranded == 0 {
            return Ok(());
        }
        Err(self.not_taken(self.reset_actual(), DecidedBy::Observation))
    }

    fn not_taken(&self, actual: Actual, decided_by: DecidedBy) -> Stopped {
        let flow = self.connection.flow.borrow();
        let bytes = flow.outbox.len() - flow.sent;
        drop(flow);
        self.fail(Expected::Taking { bytes }, actual, decided_by)
    }

    /// Sends `bytes` and ends the sending half with them. Where the system allows it (Linux) the last
    /// segment carries the end: no program can have answered all before it learns that no more will
    /// come.
    pub fn send_last(&mut self, bytes: &[u8]) -> Verdict {
        self.connection.ending.set(true);
        self.send(bytes)?;
        self.finish_sending()
    }

    /// Begins to send `bytes`, without waiting until they have gone; a program that has closed its
    /// end does not matter.
    pub fn offer(&mut self, bytes: &[u8]) {
        self.begin_to_send(bytes);
        self.stage.advance();
    }

    /// The same, without a look at anybody else: among hundreds of peers that would take long.
    pub(super) fn begin_to_send(&self, bytes: &[u8]) {
        let payload = Payload::new(bytes);
        self.stage
            .transcript
            .add(self.name(), What::Sends { payload });
        self.hand_over(bytes);
    }

    /// The same, without a word in the transcript.
    pub(super) fn hand_over(&self, bytes: &[u8]) {
        let mut flow = self.connection.flow.borrow_mut();
        if self.connection.end.get() == Some(End::Reset) {
            flow.stranded += bytes.len();
            return;
        }
        flow.outbox.extend_from_slice(bytes);
        drop(flow);
        if let Some(fd) = self.connection.fd() {
            self.connection.send_more(&fd, &self.stage.transcript);
        }
    }

    /// How many bytes the kernel has not taken yet.
    pub(super) fn untaken(&self) -> usize {
        let flow = self.connection.flow.borrow();
        flow.outbox.len() - flow.sent + flow.stranded
    }

    /// Whether the program has ended the connection, in whatever way.
    pub fn has_ended(&self) -> bool {
        self.connection.end.get().is_some()
    }

    /// Whether it has ended with a FIN.
    pub(super) fn has_ended_in_order(&self) -> bool {
        self.connection.end.get() == Some(End::Orderly)
    }

    pub(super) fn times(&self) -> &Times {
        &self.connection.times
    }

    /// How many bytes have arrived and were not taken by an expectation before.
    pub(super) fn inbox_len(&self) -> usize {
        self.connection.flow.borrow().inbox.len()
    }

    pub(super) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Sends each piece only when the program has read the one before, so that none is received
    /// together with the next. A program that does not read now is not waited for.
    pub fn send_in_pieces(&mut self, pieces: &[&[u8]]) -> Verdict {
        for piece in pieces {
            self.send(piece)?;
            self.wait_until_read();
        }
        Ok(())
    }

    /// Waits until the program has received all that was sent, or cannot, or takes too long for it.
    pub(super) fn wait_until_read(&self) {
        // Not an expectation: if it never reads, what is asked of it afterwards will tell.
        let _ = self
            .stage
            .wait_closely(clock::SILENCE, || self.has_been_read());
    }

    /// Whether the program has received all that was sent, or nobody can tell.
    pub(super) fn has_been_read(&self) -> Option<()> {
        let Some(local) = self.local() else {
            return Some(());
        };
        let rows = self.stage.diag.as_ref()?.tcp().ok()?;
        let remote = self.connection.remote;
        let between =
            |row: &&SocketRow, here, there| row.local == here && row.remote == Some(there);
        let of_program = rows.iter().find(|row| between(row, remote, local));
        let own = rows.iter().find(|row| between(row, local, remote));
        let read = of_program.is_none_or(|row| row.unread == 0);
        let arrived = own.is_none_or(|row| row.unsent == 0);
        (read && arrived).then_some(())
    }

    /// Expects that exactly `bytes` come next.
    pub fn expect(&mut self, bytes: &[u8]) -> Verdict {
        let connection = &self.connection;
        // How many bytes were compared before: large answers arrive in many pieces.
        let mut same = 0;
        let waited = self.stage.wait(clock::STEP, || {
            let flow = connection.flow.borrow();
            let have = &flow.inbox[..flow.inbox.len().min(bytes.len())];
            if have[same..] != bytes[same..have.len()] {
                return Some(Err(Difference::find(bytes, have)));
            }
            same = have.len();
            if same == bytes.len() {
                return Some(Ok(()));
            }
            connection.end.get().map(|_| Err(None))
        });
        let (actual, decided_by) = match waited {
            Ok(Ok(())) => {
                self.connection.flow.borrow_mut().inbox.drain(..bytes.len());
                return Ok(());
            }
            Ok(Err(Some(first_seen))) => {
                let difference = self.difference(bytes).unwrap_or(first_seen);
                (Actual::Different { difference }, DecidedBy::Observation)
            }
            Ok(Err(None)) => (self.end_actual(), DecidedBy::Observation),
            Err(ended) => (self.nothing_more(), ended.into()),
        };
        let payload = Payload::new(bytes);
        Err(self.fail(Expected::Bytes { payload }, actual, decided_by))
    }

    /// Where what has come parts from `bytes`, with what comes next beside it: an answer may come in
    /// pieces, and a report that showed only the first of them would differ from run to run.
    fn difference(&self, bytes: &[u8]) -> Option<Difference> {
        let connection = &self.connection;
        let find = || {
            let flow = connection.flow.borrow();
            let have = &flow.inbox[..flow.inbox.len().min(bytes.len())];
            let difference = Difference::find(bytes, have)?;
            let ended = connection.end.get().is_some();
            let whole = difference.actual.len() == difference.expected.len();
            Some((difference, whole || ended))
        };
        // Not an expectation: what is there when nothing more comes is what there is.
        let _ = self.stage.wait(clock::SILENCE, || {
            find().is_none_or(|(_, whole)| whole).then_some(())
        });
        find().map(|(difference, _)| difference)
    }

    /// Waits for the next line and returns it without its newline. `what` describes it to the
    /// student.
    pub fn line(&mut self, what: &str) -> Verdict<Vec<u8>> {
        let end_of_line = |inbox: &[u8]| {
            let newline = inbox.iter().position(|&b| b == b'\n');
            newline.map(|newline| newline + 1)
        };
        let mut line = self.take(clock::STEP, what, end_of_line)?;
        line.pop();
        Ok(line)
    }

    /// Waits for the next `count` bytes and returns them. `what` describes them to the student.
    pub fn receive(&mut self, count: usize, what: &str) -> Verdict<Vec<u8>> {
        self.take(clock::STEP, what, |inbox| {
            (inbox.len() >= count).then_some(count)
        })
    }

    /// The same where the program has to bring a large file to a disk first.
    pub fn receive_when_written(&mut self, count: usize, what: &str) -> Verdict<Vec<u8>> {
        self.take(clock::DISK, what, |inbox| {
            (inbox.len() >= count).then_some(count)
        })
    }

    /// Waits for as long as anything could come, and gives the next `most` bytes or what there is of
    /// them: for where it is the program's choice whether it answers at all.
    pub fn receive_if_any(&mut self, most: usize) -> Vec<u8> {
        let connection = &self.connection;
        // Not an expectation: what is there in the end is the answer.
        let _ = self.stage.wait(clock::SILENCE, || {
            let complete = connection.flow.borrow().inbox.len() >= most;
            (complete || connection.end.get().is_some()).then_some(())
        });
        let mut flow = self.connection.flow.borrow_mut();
        let count = most.min(flow.inbox.len());
        flow.inbox.drain(..count).collect()
    }

    /// Waits until `complete` finds what was waited for at the start of what has come, and takes as
    /// many bytes as it says.
    pub(super) fn take(
        &mut self,
        limit: Duration,
        what: &str,
        complete: impl Fn(&[u8]) -> Option<usize>,
    ) -> Verdict<Vec<u8>> {
        let connection = &self.connection;
        let waited = self.stage.wait(limit, || {
            let flow = connection.flow.borrow();
            match complete(&flow.inbox) {
                Some(count) => Some(Some(count)),
                None => connection.end.get().map(|_| None),
            }
        });
        let (actual, decided_by) = match waited {
            Ok(Some(count)) => {
                let mut flow = self.connection.flow.borrow_mut();
                return Ok(flow.inbox.drain(..count).collect());
            }
            Ok(None) => (self.end_actual(), DecidedBy::Observation),
            Err(ended) => (self.nothing_more(), ended.into()),
        };
        let what = what.to_owned();
        Err(self.fail(Expected::Answer { what }, actual, decided_by))
    }

    /// Ends the sending half (FIN) and goes on receiving.
    pub fn finish_sending(&mut self) -> Verdict {
        let fd = self.connection.fd();
        let Some(fd) = fd else { return Ok(()) };
        match shutdown(&*fd, Shutdown::Write) {
            // The program has reset the connection meanwhile: what is expected next will tell.
            Ok(()) | Err(Errno::NOTCONN) => {
                self.stage.transcript.add(self.name(), What::EndsSending);
                Ok(())
            }
            Err(e) => Err(GraderError::system("ending the sending half")(e).into()),
        }
    }

    /// Expects an orderly end and nothing before it.
    pub fn expect_end(&mut self) -> Verdict {
        self.expect_end_of_some_kind(false)
    }

    /// Expects the end of the connection, orderly or by a reset, and nothing before it: for where
    /// bytes of ours may be left unread, when the kernel resets in place of a FIN.
    pub fn expect_end_or_reset(&mut self) -> Verdict {
        self.expect_end_of_some_kind(true)
    }

    fn expect_end_of_some_kind(&mut self, reset_is_fine: bool) -> Verdict {
        let connection = &self.connection;
        let waited = self.stage.wait(clock::STEP, || {
            let flow = connection.flow.borrow();
            if flow.inbox.is_empty() {
                connection.end.get().map(Ok)
            } else {
                Some(Err(Payload::new(&flow.inbox)))
            }
        });
        let (actual, decided_by) = match waited {
            Ok(Ok(End::Orderly)) => return Ok(()),
            Ok(Ok(End::Reset)) if reset_is_fine => return Ok(()),
            Ok(Ok(End::Reset)) => (self.reset_actual(), DecidedBy::Observation),
            Ok(Err(extra)) => (Actual::TooMuch { extra }, DecidedBy::Observation),
            Err(ended) => (self.nothing_more(), ended.into()),
        };
        Err(self.fail(Expected::End, actual, decided_by))
    }

    /// Expects that nothing comes, no end either, for as long as anything could.
    pub fn expect_silence(&mut self) -> Verdict {
        let connection = &self.connection;
        let waited = self.stage.wait(clock::SILENCE, || {
            let flow = connection.flow.borrow();
            if !flow.inbox.is_empty() {
                return Some(Some(Payload::new(&flow.inbox)));
            }
            connection.end.get().map(|_| None)
        });
        let actual = match waited {
            Err(Ended::Stalled | Ended::Deadline | Ended::Exited) => return Ok(()),
            Ok(Some(extra)) => Actual::TooMuch { extra },
            Ok(None) => self.end_actual(),
        };
        Err(self.fail(Expected::Silence, actual, DecidedBy::Observation))
    }

    /// Expects that nothing comes any more; whether the connection ends is left to the program.
    pub fn expect_nothing_more(&mut self) -> Verdict {
        let connection = &self.connection;
        let waited = self.stage.wait(clock::SILENCE, || {
            let flow = connection.flow.borrow();
            if flow.inbox.is_empty() {
                connection.end.get().map(|_| None)
            } else {
                Some(Some(Payload::new(&flow.inbox)))
            }
        });
        let Ok(Some(extra)) = waited else {
            return Ok(());
        };
        let actual = Actual::TooMuch { extra };
        Err(self.fail(Expected::Silence, actual, DecidedBy::Observation))
    }

    /// A failure about an answer that the check itself has looked into: what it should have been, and
    /// what it was, as the second half of a sentence: "the answer was …".
    pub fn fails(&self, expected: &str, actual: &str) -> Stopped {
        let expected = Expected::Answer {
            what: expected.to_owned(),
        };
        let actual = Actual::Other {
            what: actual.to_owned(),
        };
        self.fail(expected, actual, DecidedBy::Observation)
    }

    /// From now on this peer reads nothing.
    pub fn stop_reading(&mut self) {
        self.connection.reading.set(false);
    }

    /// From now on this peer reads again whatever arrives.
    pub fn read_again(&mut self) {
        self.connection.reading.set(true);
    }

    /// Reads on until the program ends the connection, or will not, and closes then.
    pub fn leave(self) {
        let connection = &self.connection;
        // Not an expectation: whether the end has come is for another check.
        let _ = self
            .stage
            .wait(clock::SILENCE, || connection.end.get().map(drop));
        self.close();
    }

    /// Closes the connection in an orderly way.
    pub fn close(self) {
        self.stage.transcript.add(self.name(), What::Closes);
    }

    /// Resets the connection (SO_LINGER 0, then close), as a crashed client does.
    pub fn reset(self) -> Verdict {
        if let Some(fd) = self.connection.fd() {
            set_socket_linger(&*fd, Some(Duration::ZERO))
                .map_err(GraderError::system("setting SO_LINGER"))?;
        }
        self.stage.transcript.add(self.name(), What::Resets);
        Ok(())
    }

    pub(super) fn fail(
        &self,
        expected: Expected,
        actual: Actual,
        decided_by: DecidedBy,
    ) -> Stopped {
        self.stage
            .fail(Some(self.name()), expected, actual, decided_by)
    }

    /// What has arrived and was not taken by an expectation before.
    pub(super) fn left(&self) -> Payload {
        Payload::new(&self.connection.flow.borrow().inbox)
    }

    fn nothing_more(&self) -> Actual {
        Actual::Nothing {
            received: self.left(),
        }
    }

    fn reset_actual(&self) -> Actual {
        Actual::Reset {
            received: self.left(),
        }
    }

    fn end_actual(&self) -> Actual {
        let received = self.left();
        match self.connection.end.get() {
            Some(End::Reset) => Actual::Reset { received },
            _ => Actual::Ended { received },
        }
    }
}

impl Drop for TcpPeer {
    fn drop(&mut self) {
        let _no_copies = closing();
        self.connection.fd.take();
    }
}
