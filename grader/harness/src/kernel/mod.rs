//! What the kernel tells about a program: its processes, threads, descriptors and sockets.
//!
//! Everything here is read-only and best effort: `None` or an error means "cannot tell", and who
//! asks must treat it as that.

use std::net::SocketAddr;
use std::time::Duration;

#[cfg(target_os = "linux")]
pub(crate) mod backlog;
#[cfg(target_os = "linux")]
pub(crate) mod copy;
#[cfg(target_os = "linux")]
pub(crate) mod descriptors;
#[cfg(target_os = "linux")]
pub(crate) mod memory;
#[cfg(target_os = "linux")]
pub(crate) mod process;
#[cfg(target_os = "linux")]
pub(crate) mod queues;
#[cfg(target_os = "linux")]
pub(crate) mod sockets;
#[cfg(target_os = "linux")]
pub(crate) mod stamps;
#[cfg(target_os = "linux")]
pub(crate) mod timers;
#[cfg(target_os = "linux")]
pub(crate) mod waits;

#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::{process, queues, sockets, stamps, waits};

/// TCP's states as the kernel numbers them (`include/net/tcp_states.h`), and UDP's use of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "RFC 9293 §3.3.2 describes each of them")]
pub enum State {
    Established,
    SynSent,
    SynReceived,
    FinWait1,
    FinWait2,
    TimeWait,
    Close,
    CloseWait,
    LastAck,
    Listen,
    Closing,
}

impl State {
    /// The name as `ss` and the RFC write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Established => "ESTABLISHED",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECEIVED",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::TimeWait => "TIME-WAIT",
            Self::Close => "CLOSED",
            Self::CloseWait => "CLOSE-WAIT",
            Self::LastAck => "LAST-ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
        }
    }

    /// Whether a segment of this connection's handshake or farewell is still under way.
    pub(crate) fn is_passing(self) -> bool {
        matches!(
            self,
            Self::SynSent | Self::SynReceived | Self::FinWait1 | Self::LastAck | Self::Closing
        )
    }
}

/// TCP or UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "there is nothing to add")]
pub enum Protocol {
    Tcp,
    Udp,
}

/// One socket, as `sock_diag(7)` reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SocketRow {
    pub(crate) protocol: Protocol,
    /// The inode that `/proc/PID/fd` shows as `socket:[N]`; 0 for a connection that nobody has
    /// accepted yet, and for one whose descriptors are all closed.
    pub(crate) inode: u32,
    pub(crate) local: SocketAddr,
    /// None where it is connected to nobody.
    pub(crate) remote: Option<SocketAddr>,
    pub(crate) state: State,
    /// Bytes received and not read; for a listener, connections in the accept queue; for UDP the
    /// memory that unread datagrams take, which is never 0 for any, not even an empty one.
    pub(crate) unread: u32,
    /// Bytes sent and not acknowledged; for a listener, the limit of the accept queue.
    pub(crate) unsent: u32,
    /// Whether it waits for the other end's window to open (RFC 9293 §3.8.6.1).
    pub(crate) probes: bool,
    /// How often the timer has been backed off: grows with each probe of a shut window.
    pub(crate) backoff: u8,
    /// How many probes in a row have not been answered yet.
    pub(crate) unanswered: u8,
    /// The other end's window as this end knows it, in bytes; unknown for UDP and before Linux 5.4.
    pub(crate) window: Option<u32>,
    /// Segments that were sent and not acknowledged; unknown for UDP.
    pub(crate) in_flight: Option<u32>,
    /// Whether so little is free of its receive buffer that it offers no window.
    pub(crate) is_full: bool,
    /// Bytes that this end has put on the wire, each counted once; unknown for UDP.
    pub(crate) sent: Option<u64>,
    /// Bytes that have arrived at this end in order; unknown for UDP.
    pub(crate) arrived: Option<u64>,
    /// Bytes that wait for the window to open before they are put on the wire.
    pub(crate) held_back: u32,
    /// How long ago the last segment came that acknowledged anything, as each but the first and a
    /// reset does; unknown for UDP. Counted in jiffies, of up to 10 ms.
    pub(crate) last_segment_ago: Option<Duration>,
}

impl SocketRow {
    /// Whether nobody has accepted this connection yet.
    pub(crate) fn is_queued(&self) -> bool {
        self.inode == 0 && matches!(self.state, State::Established | State::CloseWait)
    }
}

/// What a thread is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// On a processor, or waiting for one.
    Running,
    /// In this system call, with these arguments.
    In { number: i64, args: [u64; 6] },
    /// Not to be seen.
    Unknown,
}

/// One thread of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ThreadRow {
    pub(crate) pid: i32,
    pub(crate) tid: i32,
    pub(crate) name: String,
    /// The letter of `/proc/PID/stat`: `S` asleep, `R` running, `Z` a zombie.
    pub(crate) state: char,
    /// How often it has been put on a processor: unchanged means that it has not run since.
    pub(crate) switches: u64,
    /// The signals that it blocks, a bit each, the lowest for signal 1.
    pub(crate) blocked: u64,
    /// The signals for which its process has a handler.
    pub(crate) caught: u64,
    pub(crate) call: Call,
}

impl ThreadRow {
    /// One of the files about it (`man 5 proc_pid_task`).
    #[cfg(target_os = "linux")]
    pub(crate) fn file(&self, name: &str) -> String {
        format!("/proc/{}/task/{}/{name}", self.pid, self.tid)
    }

    /// Whether it has ended and only waits for its parent to ask about it.
    pub(crate) fn is_dead(&self) -> bool {
        matches!(self.state, 'Z' | 'X' | 'x')
    }
}
