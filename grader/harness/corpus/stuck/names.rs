//! The programs by name.

use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use crate::{calls, processes, room, runtimes, signals, threads};

/// A client that has sent a message, and where others may come from.
pub(crate) struct Connected {
    pub(crate) client: TcpStream,
    pub(crate) listener: TcpListener,
}

/// Never returns but with an error.
type Stuck = fn(Connected) -> io::Result<()>;
/// A server of another design.
type Server = fn(SocketAddr) -> io::Result<()>;

const STUCK: &[(&str, Stuck)] = &[
    ("receive", calls::receive),
    ("receive-a-whole-buffer", calls::receive_a_whole_buffer),
    ("accept", calls::accept),
    ("poll", calls::poll_for_ever),
    ("select", calls::select),
    ("epoll", calls::epoll_for_ever),
    ("poll-without-descriptors", calls::poll_nothing),
    ("eventfd", calls::eventfd),
    ("timer-not-set", calls::timer_not_set),
    ("own-pipe", calls::own_pipe),
    ("standard-input", calls::standard_input),
    ("unix-socket", calls::unix_socket),
    ("half-a-socketpair", calls::half_a_pair),
    ("unix-listener", calls::unix_listener),
    ("udp", calls::udp),
    ("full-pipe", room::pipe),
    ("full-unix-socket", room::unix_socket),
    ("full-connection", room::connection),
    ("full-connection-poll", room::connection_poll),
    ("lock-taken-twice", threads::lock_twice),
    ("two-locks", threads::two_locks),
    ("park", threads::park),
    ("join", threads::join),
    ("condition", threads::condition),
    ("channel", threads::channel),
    ("barrier", threads::barrier),
    ("many-threads", threads::many),
    ("helper-thread", threads::helper),
    ("pause", signals::pause),
    ("sigsuspend", signals::suspend),
    ("sigwait", signals::wait),
    ("signalfd", signals::descriptor),
    ("child", processes::child),
    ("child-and-pipe", processes::child_and_pipe),
    ("child-and-pidfd", processes::child_and_pidfd),
    ("shell-and-cat", processes::shell),
    ("orphan", processes::orphan),
    (
        "orphan-without-environment",
        processes::orphan_without_environment,
    ),
];

const SERVERS: &[(&str, Server)] = &[
    ("unread-and-poll", calls::unread_and_poll),
    ("unread-and-edge", calls::unread_and_edge),
    ("never-accepts", calls::never_accepts),
    ("prefork", processes::prefork),
    ("daemon", processes::daemon),
    ("main-thread-exits", threads::main_thread_exits),
    ("tokio", runtimes::idle),
    ("tokio-one-thread", runtimes::idle_in_one_thread),
    ("tokio-channel", runtimes::channel),
];

pub(crate) fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [name, address] = &words[..] else {
        let stuck = STUCK.iter().map(|(name, _)| name);
        for name in stuck.chain(SERVERS.iter().map(|(name, _)| name)) {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    };
    let Ok(address) = address.parse() else {
        eprintln!("{address} is no address");
        return ExitCode::from(2);
    };
    match run(name, address) {
        Ok(()) => {
            eprintln!("{name} is not stuck at all");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, address: SocketAddr) -> io::Result<()> {
    if let Some((_, stuck)) = STUCK.iter().find(|(n, _)| *n == name) {
        return stuck(connected(address)?);
    }
    let server = SERVERS.iter().find(|(n, _)| *n == name);
    let (_, server) = server.ok_or_else(|| io::Error::other("there is no such program"))?;
    server(address)
}

/// Accepts a client and receives its message.
pub(crate) fn connected(address: SocketAddr) -> io::Result<Connected> {
    let listener = TcpListener::bind(address)?;
    let (mut client, _) = listener.accept()?;
    if client.read(&mut [0; 4096])? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Connected { client, listener })
}
