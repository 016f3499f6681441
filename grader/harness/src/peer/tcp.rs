//! A client of the program's: one TCP connection, with a name.

use std::cell::{Cell, RefCell};
use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Duration;

use rustix::io::Errno;
#[cfg(target_os = "linux")]
use rustix::net::sockopt::set_tcp_quickack;
use rustix::net::sockopt::{set_socket_linger, set_tcp_nodelay};
use rustix::net::{Shutdown, bind, connect, shutdown};

use super::connection::{Connection, End, MOST, Reading};
use super::listener::stream_socket;
use super::times::Times;
use crate::clock;
use crate::closing::closing;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Verdict};
use crate::moment::Moment;
use crate::payload::Payload;
use crate::stage::{Source, Stage};
use crate::transcript::What;

/// A client of the program's. Its connection is closed when this is dropped.
///
/// Whatever it does, it reads meanwhile all that arrives, unless it was told to
/// [stop reading](TcpPeer::stop_reading).
pub struct TcpPeer {
    pub(super) stage: Rc<Stage>,
    pub(super) connection: Rc<Connection>,
}

impl TcpPeer {
    /// Connects to `address` and waits until the kernel has accepted the connection.
    pub(crate) fn connect(stage: &Rc<Stage>, name: &str, address: SocketAddr) -> Verdict<Self> {
        let fd = stream_socket(address)?;
        Self::connect_socket(stage, name, fd, address, Reading::Goes)
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
            Ok(()) | Err(Errno::ADDRNOTAVAIL) => {
                Self::connect_socket(stage, name, fd, address, Reading::Goes)
            }
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
        let mut peer = Self::connect_socket(stage, name, fd, address, Reading::Goes)?;
        peer.finish_sending()?;
        Ok(peer)
    }

    pub(super) fn connect_socket(
        stage: &Rc<Stage>,
        name: &str,
        fd: OwnedFd,
        address: SocketAddr,
        reading: Reading,
    ) -> Verdict<Self> {
        let (made, peer) = Moment::of(|| Self::begin(stage, name, fd, address));
        let peer = peer?;
        let connection = &peer.connection;
        connection.reading.set(reading == Reading::Goes);
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
            most: Cell::new(MOST),
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

    /// Drops what has arrived, and gives how many bytes that were: for a conversation in which the
    /// transcript tells enough of them.
    pub fn drop_arrived(&mut self) -> usize {
        self.connection.flow.borrow_mut().inbox.drain(..).len()
    }

    pub(super) fn stage(&self) -> &Stage {
        &self.stage
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
}

impl Drop for TcpPeer {
    fn drop(&mut self) {
        let _no_copies = closing();
        self.connection.fd.take();
    }
}
