//! One run of one check: what its conversation is written with.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::rc::Rc;

use crate::arena::{self, Arena};
use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Stopped, Verdict};
use crate::folder::{Folder, Temporary};
use crate::kernel::{Protocol, SocketRow, State, process};
use crate::payload::Payload;
use crate::peer::{FullListener, Listener, TcpPeer, UdpPeer, UdpServer, vanishing};
use crate::program::{PROGRAM, Printing, Program, in_words};
use crate::random::Random;
use crate::stage::{Conditions, Ended, Stage};
use crate::suite::{ADDRESS, Target};
use crate::transcript::What;

/// What a check's conversation is written with: programs to start, peers to open, random data.
pub struct Run {
    stage: Rc<Stage>,
    target: Target,
    random: Random,
    /// What the next program is called.
    name: String,
    folders: Vec<Temporary>,
}

impl Run {
    pub(crate) fn new(
        arena: Arena,
        conditions: Conditions,
        target: Target,
        random: Random,
    ) -> Self {
        Self {
            stage: Rc::new(Stage::new(arena, conditions)),
            target,
            random,
            name: PROGRAM.into(),
            folders: Vec::new(),
        }
    }

    pub(crate) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Random data, brought back by the seed.
    pub fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// Adds a remark to the transcript.
    pub fn note(&self, text: &str) {
        let text = text.to_owned();
        self.stage.transcript.add("", What::Note { text });
    }

    /// A private folder, empty, that is removed when the check is over.
    ///
    /// A check that has one is about files. So each executable that is started from then on works in a
    /// folder of its own: a file that it makes by a name alone meets nobody else's, and stays in nobody's
    /// way.
    pub fn folder(&mut self) -> Verdict<Folder> {
        let folder = Temporary::new().map_err(GraderError::system("making a folder"))?;
        Ok(self.keep(folder))
    }

    /// The same on a disk, if this machine has one that shows whether files were synced, see
    /// [`Folder::is_synced`].
    pub fn folder_on_a_disk(&mut self) -> Verdict<Folder> {
        let folder = Temporary::on_a_disk().map_err(GraderError::system("making a folder"))?;
        Ok(self.keep(folder))
    }

    /// The folder in which the next program works; none if it is the grader's own.
    fn place_to_work(&mut self) -> Result<Option<PathBuf>, GraderError> {
        if self.folders.is_empty() || !self.target.is_executable() {
            return Ok(None);
        }
        let folder = Temporary::new().map_err(GraderError::system("making a folder"))?;
        let path = folder.path().to_owned();
        self.folders.push(folder);
        Ok(Some(path))
    }

    fn keep(&mut self, folder: Temporary) -> Folder {
        let handle = Folder::new(&self.stage, folder.path());
        let path = folder.path().to_owned();
        self.stage.folders.borrow_mut().push(path);
        self.folders.push(folder);
        handle
    }

    /// What the programs that are started from now on are called in the transcript: for a check that
    /// starts two.
    pub fn call_programs(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }

    /// Ends the check without a verdict where the machine has no IPv6.
    pub fn needs_ipv6(&self) -> Verdict {
        if arena::has_ipv6() {
            Ok(())
        } else {
            Err(Stopped::Skipped("this machine has no IPv6".into()))
        }
    }

    /// An address of loopback that nobody uses.
    pub fn free_address(&mut self) -> Verdict<SocketAddr> {
        Ok(arena::free_address(arena::LOOPBACK, &mut self.random)?)
    }

    /// An IPv6 address of loopback that nobody uses.
    pub fn free_ipv6_address(&mut self) -> Verdict<SocketAddr> {
        Ok(arena::free_address(arena::IPV6_LOOPBACK, &mut self.random)?)
    }

    /// Starts the program with `address` and these arguments, and does not wait for anything.
    pub fn start(&mut self, address: SocketAddr, args: &[&str]) -> Verdict<Program> {
        self.start_with(address, &[&[ADDRESS], args].concat())
    }

    /// The same with these words, of which [`ADDRESS`] stands for `address`.
    pub fn start_with(&mut self, address: SocketAddr, words: &[&str]) -> Verdict<Program> {
        self.start_printing(address, words, Printing::Goes)
    }

    /// The same, with a standard output that is full: the program waits at its first print until
    /// [`Program::read_output`]. Shows what it has done before it prints, without a race.
    pub fn start_with_full_output(
        &mut self,
        address: SocketAddr,
        args: &[&str],
    ) -> Verdict<Program> {
        self.start_printing(address, &[&[ADDRESS], args].concat(), Printing::Waits)
    }

    fn start_printing(
        &mut self,
        address: SocketAddr,
        words: &[&str],
        printing: Printing,
    ) -> Verdict<Program> {
        let (program, args) = self.target.fill(address, words);
        // socat takes TCP-LISTEN for IPv4 unless this says otherwise (`man socat`, ENVIRONMENT).
        let environment: &[_] = match address {
            SocketAddr::V4(_) => &[],
            SocketAddr::V6(_) => &[("SOCAT_DEFAULT_LISTEN_IP", "6")],
        };
        let folder = self.place_to_work()?;
        Ok(Program::start(
            &self.stage,
            &self.name,
            &program,
            &args,
            environment,
            folder.as_deref(),
            printing,
        )?)
    }

    /// Starts the program without an address: a filter.
    pub fn start_filter(&mut self, args: &[&str]) -> Verdict<Program> {
        let (program, mut words) = self.target.words();
        words.extend(args.iter().map(Into::into));
        Ok(Program::start(
            &self.stage,
            &self.name,
            &program,
            &words,
            &[],
            None,
            Printing::Goes,
        )?)
    }

    /// A server called `name` that the grader plays.
    pub fn listen(&mut self, name: &str) -> Verdict<Listener> {
        Listener::open(&self.stage, name, (Ipv4Addr::LOCALHOST, 0).into())
    }

    /// The same on `[::1]`.
    pub fn listen_ipv6(&mut self, name: &str) -> Verdict<Listener> {
        self.needs_ipv6()?;
        Listener::open(&self.stage, name, (Ipv6Addr::LOCALHOST, 0).into())
    }

    /// A server called `name` that nobody can connect to, since its queue is full and stays so.
    pub fn listen_with_a_full_queue(&mut self, name: &str) -> Verdict<FullListener> {
        FullListener::open(&self.stage, name, (Ipv4Addr::LOCALHOST, 0).into())
    }

    /// A server called `name` that the grader plays, and that speaks in datagrams.
    pub fn datagram_server(&mut self, name: &str) -> Verdict<UdpServer> {
        UdpServer::open(&self.stage, name, (Ipv4Addr::LOCALHOST, 0).into())
    }

    /// The same on `address`, which must be free.
    pub fn datagram_server_at(&mut self, name: &str, address: SocketAddr) -> Verdict<UdpServer> {
        UdpServer::open(&self.stage, name, address)
    }

    /// Starts the program as a TCP server and waits until it listens.
    pub fn start_server(&mut self) -> Verdict<Server> {
        self.start_server_with(&[ADDRESS])
    }

    /// The same with these words, of which [`ADDRESS`] stands for where it is to listen.
    pub fn start_server_with(&mut self, words: &[&str]) -> Verdict<Server> {
        self.start_and_wait(Protocol::Tcp, arena::LOOPBACK, words)
    }

    /// Starts the program as a TCP server on `[::1]` and waits until it listens.
    pub fn start_ipv6_server(&mut self) -> Verdict<Server> {
        self.start_and_wait(Protocol::Tcp, arena::IPV6_LOOPBACK, &[ADDRESS])
    }

    /// Starts the program as a UDP server and waits until it is bound.
    pub fn start_udp_server(&mut self) -> Verdict<Server> {
        self.start_and_wait(Protocol::Udp, arena::LOOPBACK, &[ADDRESS])
    }

    /// Starts the program as a UDP server on an address of this machine that is not the one from
    /// which the kernel sends by itself, and waits until it is bound. Where the machine has only one
    /// (macOS), that must do.
    pub fn start_udp_server_elsewhere(&mut self) -> Verdict<Server> {
        self.start_and_wait(Protocol::Udp, arena::another_loopback(), &[ADDRESS])
    }

    /// Starts the program as a UDP server on `[::1]` and waits until it is bound.
    pub fn start_ipv6_udp_server(&mut self) -> Verdict<Server> {
        self.start_and_wait(Protocol::Udp, arena::IPV6_LOOPBACK, &[ADDRESS])
    }

    fn start_and_wait(
        &mut self,
        protocol: Protocol,
        ip: IpAddr,
        words: &[&str],
    ) -> Verdict<Server> {
        self.on_an_address(ip, |run, address| {
            let mut program = run.start_with(address, words)?;
            program.wait_until_listening(protocol, address)?;
            Ok(Server { program, address })
        })
    }

    /// Has this conversation on an address that nobody uses. Where somebody else on this machine has
    /// taken the address meanwhile, that was no failure of the program's: it is had again on another.
    pub fn on_a_free_address<T>(
        &mut self,
        conversation: impl FnMut(&mut Self, SocketAddr) -> Verdict<T>,
    ) -> Verdict<T> {
        self.on_an_address(arena::LOOPBACK, conversation)
    }

    /// The same, on an address of IPv6.
    pub fn on_a_free_ipv6_address<T>(
        &mut self,
        conversation: impl FnMut(&mut Self, SocketAddr) -> Verdict<T>,
    ) -> Verdict<T> {
        self.on_an_address(arena::IPV6_LOOPBACK, conversation)
    }

    fn on_an_address<T>(
        &mut self,
        ip: IpAddr,
        mut conversation: impl FnMut(&mut Self, SocketAddr) -> Verdict<T>,
    ) -> Verdict<T> {
        const TRIES: usize = 5;
        if ip.is_ipv6() {
            self.needs_ipv6()?;
        }
        for _ in 0..TRIES {
            let address = arena::free_address(ip, &mut self.random)?;
            match conversation(self, address) {
                // The program has ended with its conversation. If the address is free now, then
                // it was the program that did not take it.
                Err(Stopped::Failed(_))
                    if !self.stage.arena.is_isolated() && !arena::is_free(address) =>
                {
                    self.note("somebody else on this machine took the port; again with another");
                }
                verdict => return verdict,
            }
        }
        Err(GraderError::PortsTaken { tries: TRIES }.into())
    }

    /// Listens on an address in place of the program, which must find it in use.
    pub fn occupy(&mut self) -> Verdict<Occupied> {
        let (listener, address) =
            listen_somewhere().map_err(GraderError::system("listening in place of the program"))?;
        self.stage.name(address, "another program");
        self.note(&format!("another program listens on {address}"));
        Ok(Occupied {
            address,
            _listener: listener,
        })
    }
}

fn listen_somewhere() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// An address that is in use for as long as this is held.
#[derive(Debug)]
pub struct Occupied {
    address: SocketAddr,
    _listener: TcpListener,
}

impl Occupied {
    /// Which address that is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// A listening socket of the program, as the kernel sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListeningSocket {
    /// Where it listens.
    pub address: SocketAddr,
    /// How many connections may wait in its accept queue.
    pub backlog: u32,
    /// How many do.
    pub queued: u32,
}

impl Program {
    /// Waits until the kernel shows a socket of this program that listens on `address` (UDP: is bound
    /// to it). Nothing connects for that: a probe would use up an accept.
    pub(crate) fn wait_until_listening(
        &mut self,
        protocol: Protocol,
        address: SocketAddr,
    ) -> Verdict {
        let waited = self
            .stage
            .wait_closely(clock::START, || self.listens_at(protocol, address));
        let actual = match (waited, self.process.exit()) {
            (Ok(address), _) => {
                let what = match protocol {
                    Protocol::Tcp => What::Listens { address },
                    Protocol::Udp => What::Binds { address },
                };
                self.stage.transcript.add(&self.process.name, what);
                return Ok(());
            }
            (Err(_), Some(status)) => Actual::Exited {
                how: in_words(status),
            },
            (Err(_), None) => Actual::Nothing {
                received: Payload::new(b""),
            },
        };
        let expected = Expected::Listening { protocol, address };
        let decided_by = waited.err().map_or(DecidedBy::Observation, DecidedBy::from);
        Err(self.stage.fail(None, expected, actual, decided_by))
    }

    /// Expects that the kernel shows a socket of this program that listens on `address`, now or soon.
    pub fn expect_listening(&mut self, address: SocketAddr) -> Verdict {
        self.wait_until_listening(Protocol::Tcp, address)
    }

    /// The address of a socket of this program that hears what is sent to `address`.
    fn listens_at(&self, protocol: Protocol, address: SocketAddr) -> Option<SocketAddr> {
        let Some(diag) = &self.stage.diag else {
            // Then the address being taken is the best sign there is.
            return (!arena::is_free_for(protocol, address)).then_some(address);
        };
        let rows = match protocol {
            Protocol::Tcp => diag.listeners(),
            Protocol::Udp => diag.udp(),
        };
        rows.unwrap_or_default()
            .iter()
            .find(|row| covers(row.local, address) && self.owns(row))
            .map(|row| row.local)
    }

    /// Whether a socket of the kernel's table is this program's.
    pub(crate) fn owns(&self, row: &SocketRow) -> bool {
        if self.stage.arena.is_isolated() {
            // Nobody else is there but our peers.
            return self.stage.name_of(row.local).is_none();
        }
        // A daemon that has shed all by which it could be known is the program's, if it is there.
        let family = self.process.family(&self.stage);
        family.is_ok_and(|family| inodes(&family.members).contains(&row.inode))
    }

    /// The sockets on which this program listens now; empty where the kernel does not tell.
    pub fn listeners(&self) -> Vec<ListeningSocket> {
        let rows = self
            .stage
            .diag
            .as_ref()
            .and_then(|diag| diag.listeners().ok());
        rows.unwrap_or_default()
            .iter()
            .filter(|row| row.state == State::Listen && self.owns(row))
            .map(|row| ListeningSocket {
                address: row.local,
                backlog: row.unsent,
                queued: row.unread,
            })
            .collect()
    }

    /// The socket on which this program hears who connects to `address`; none where the kernel does
    /// not tell.
    pub fn listener(&self, address: SocketAddr) -> Option<ListeningSocket> {
        let mut listeners = self.listeners().into_iter();
        listeners.find(|listener| covers(listener.address, address))
    }

    /// Waits until the program has done all that it can do for now.
    pub fn settle(&mut self) {
        // Where that cannot be seen, a second of quiet must do.
        let (Ended::Stalled | Ended::Exited | Ended::Deadline) = self.stage.settle(clock::SILENCE);
    }

    /// A failure about a fact that the check itself has measured.
    pub fn fails(&self, expected: &str, actual: &str) -> Stopped {
        let expected = Expected::Fact {
            what: expected.to_owned(),
        };
        let actual = Actual::Other {
            what: actual.to_owned(),
        };
        self.stage
            .fail(None, expected, actual, DecidedBy::Observation)
    }

    /// Connects a peer called `name` to `address`, where this program listens.
    pub fn connect(&self, name: &str, address: SocketAddr) -> Verdict<TcpPeer> {
        TcpPeer::connect(&self.stage, name, address)
    }
}

/// The inodes of all sockets that these processes hold.
#[cfg(target_os = "linux")]
pub(crate) fn inodes(pids: &[i32]) -> Vec<u32> {
    let descriptors = pids
        .iter()
        .filter_map(|&pid| process::descriptors(pid).ok());
    descriptors
        .flatten()
        .filter_map(|(_, kind)| match kind {
            process::Kind::Socket(inode) => Some(inode),
            _ => None,
        })
        .collect()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn inodes(_pids: &[i32]) -> Vec<u32> {
    Vec::new()
}

/// Whether a socket bound to `bound` hears what is sent to `address`.
fn covers(bound: SocketAddr, address: SocketAddr) -> bool {
    let everywhere = bound.ip().is_unspecified() && (bound.is_ipv6() || address.is_ipv4());
    bound.port() == address.port() && (bound.ip() == address.ip() || everywhere)
}

/// A program that serves an address.
pub struct Server {
    /// The program.
    pub program: Program,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// A new client called `name`, connected.
    pub fn connect(&self, name: &str) -> Verdict<TcpPeer> {
        TcpPeer::connect(&self.program.stage, name, self.address)
    }

    /// The same from `ip`, where the machine has that address: on Linux all of 127.0.0.0/8 is its own.
    pub fn connect_from(&self, ip: Ipv4Addr, name: &str) -> Verdict<TcpPeer> {
        TcpPeer::connect_from(&self.program.stage, name, ip.into(), self.address)
    }

    /// A new client called `name` that has ended its sending half before it can be accepted.
    pub fn connect_half_closed(&self, name: &str) -> Verdict<TcpPeer> {
        TcpPeer::connect_half_closed(&self.program.stage, name, self.address)
    }

    /// Clients called `name`, one after the other, of which each connects and resets its connection
    /// at once: until one is known to have been gone before the program accepted it.
    pub fn vanishing(&self, name: &str) -> Verdict {
        Ok(vanishing(&self.program.stage, name, self.address)?)
    }

    /// A new client called `name` that speaks in datagrams.
    pub fn datagrams(&self, name: &str) -> Verdict<UdpPeer> {
        UdpPeer::open(&self.program.stage, name, self.address)
    }

    /// Waits until the program has done all that it can do for now.
    pub fn settle(&mut self) {
        self.program.settle();
    }
}
