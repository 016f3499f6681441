//! The kernel's view of a program at one moment: its threads and what each waits for, its sockets
//! and what is in them, how it ended, and what it printed last.

use serde::Serialize;

use crate::failure::DecidedBy;
use crate::kernel::{Protocol, State};
use crate::stage::Stage;

/// What was known about the program when it failed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Evidence {
    /// Its threads, the main thread first.
    pub threads: Vec<Thread>,
    /// Its sockets, and the connections that wait for it to accept them.
    pub sockets: Vec<Socket>,
    /// How it ended, if it has: `exited with status 101`.
    pub exit: Option<String>,
    /// Its exit status, if it ended by itself.
    pub status: Option<i32>,
    /// The signal that ended it, by name.
    pub signal: Option<String>,
    /// Which limits of its box it ran into, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
    /// Its last lines on standard output.
    pub output: Vec<String>,
    /// Its last lines on standard error.
    pub error: Vec<String>,
    /// Processor time that it has used, in milliseconds.
    pub cpu_ms: Option<u64>,
    /// How many descriptors it has open.
    pub descriptors: Option<usize>,
    /// Where a deadline decided: why it could not be told before that nothing would come.
    pub doubt: Option<String>,
}

/// One thread.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Thread {
    /// `main thread`, `thread 2`, `cat (child process)`.
    pub who: String,
    /// The system call that it is in: `accept`.
    pub call: Option<String>,
    /// The descriptor that the call is about.
    pub descriptor: Option<i32>,
    /// What that descriptor is: `127.0.0.1:8000`, `alice's connection`.
    pub on: Option<String>,
    /// How it waits.
    pub waits: Waits,
}

/// How a thread waits.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Waits {
    /// It does not: it works.
    Not,
    /// Until something comes, for ever if need be.
    ToReceive,
    /// Until somebody reads what it sends.
    ToSend,
    /// Until somebody connects.
    ToAccept,
    /// Until something happens on one of several descriptors.
    ForEvents,
    /// For another thread.
    ForThread,
    /// For a child process.
    ForChild,
    /// For a signal.
    ForSignal,
    /// For a while, or in a way that is not known.
    Otherwise,
}

/// One socket of the program.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Socket {
    /// TCP or UDP.
    pub protocol: Protocol,
    /// The program's descriptor for it; none before it is accepted.
    pub descriptor: Option<i32>,
    /// The program's end.
    pub local: String,
    /// The other end.
    pub remote: Option<String>,
    /// The name of the peer at the other end.
    pub peer: Option<String>,
    /// TCP's state, as the RFC writes it.
    pub state: &'static str,
    /// Whether it listens; then `unread` is the length of the accept queue and `unsent` its limit.
    pub listens: bool,
    /// Whether it waits in the accept queue.
    pub queued: bool,
    /// Whether its connection is over, though the descriptor is still open.
    pub over: bool,
    /// Bytes that have arrived and that the program has not received; for UDP the memory that the
    /// datagrams take, which is more.
    pub unread: u32,
    /// Bytes that the program has sent and that have not been taken.
    pub unsent: u32,
}

impl Evidence {
    pub(crate) fn collect(stage: &Stage, decided_by: DecidedBy) -> Self {
        let mut evidence = Self::default();
        if let Some(process) = stage.processes().last() {
            if let Some(status) = process.exit() {
                use std::os::unix::process::ExitStatusExt;
                evidence.exit = Some(crate::program::in_words(status));
                evidence.status = status.code();
                evidence.signal = status.signal().map(crate::program::signal_name);
            }
            evidence.limits = process.limits();
            evidence.output = process.output.capture.borrow().last_lines(10);
            evidence.error = process.error.capture.borrow().last_lines(10);
        }
        if decided_by == DecidedBy::Deadline {
            evidence.doubt = stage.doubt();
        }
        evidence.look_into_the_kernel(stage);
        evidence
    }

    #[cfg(not(target_os = "linux"))]
    fn look_into_the_kernel(&mut self, _stage: &Stage) {}
}

impl Thread {
    /// What it is doing, in words.
    pub fn doing(&self) -> String {
        let call = self.call.as_deref().unwrap_or("a system call");
        let on = match &self.on {
            Some(on) => format!(" on {on}"),
            None => String::new(),
        };
        match self.waits {
            Waits::Not => "is running".into(),
            Waits::ForThread => "waits for another thread, without limit".into(),
            Waits::ForChild => "waits for a child process to end".into(),
            Waits::ForSignal => format!("waits in {call}() for a signal"),
            Waits::ForEvents => format!("waits in {call}() for any of its descriptors"),
            Waits::ToReceive | Waits::ToSend | Waits::ToAccept => {
                format!("waits in {call}(){on}")
            }
            Waits::Otherwise => format!("is in {call}(), for a limited time"),
        }
    }
}

impl Socket {
    /// What it is, for the left column.
    pub fn what(&self) -> String {
        match (&self.peer, &self.remote) {
            _ if self.protocol == Protocol::Udp => "UDP socket".into(),
            (Some(peer), _) => format!("{peer}'s connection"),
            (None, Some(remote)) => format!("with {remote}"),
            (None, None) if self.listens => "listening socket".into(),
            (None, None) => "socket".into(),
        }
    }

    /// Whether it is a TCP socket that has a name and nothing else.
    pub fn is_bound_only(&self) -> bool {
        let unbound = self.local.ends_with(":0");
        self.protocol == Protocol::Tcp && self.state == "CLOSED" && !unbound && !self.over
    }

    /// How it is, in words.
    pub fn how(&self) -> String {
        use crate::payload::{count, plural};
        if self.listens {
            let waiting = plural(self.unread as usize, "connection");
            let verb = if self.unread == 1 { "waits" } else { "wait" };
            return format!(
                "on {}; {waiting} {verb} to be accepted (limit {})",
                self.local, self.unsent
            );
        }
        if self.over {
            return "its connection is over; its descriptor is still open".into();
        }
        if self.is_bound_only() {
            return format!(
                "bound to {}; it neither listens nor is connected",
                self.local
            );
        }
        if self.protocol == Protocol::Tcp && self.state == "CLOSED" {
            return "not bound, not connected".into();
        }
        if self.protocol == Protocol::Udp {
            return self.how_udp();
        }
        if self.state == State::SynSent.name() {
            // What the kernel counts as unsent is the SYN itself.
            return format!("{}: nobody has answered its SYN", self.state);
        }
        let mut parts = vec![self.state.to_owned()];
        if self.queued {
            parts.push("not accepted yet".into());
        }
        if self.unread > 0 {
            let unread = count(self.unread as usize);
            parts.push(format!("{unread} that nobody has received"));
        }
        if self.unsent > 0 {
            let unsent = count(self.unsent as usize);
            parts.push(format!("{unsent} that could not be delivered"));
        }
        parts.join(", ")
    }
}

impl Socket {
    fn how_udp(&self) -> String {
        let mut how = format!("bound to {}", self.local);
        if let Some(whom) = self.peer.as_ref().or(self.remote.as_ref()) {
            how = format!("{how}, connected to {whom}");
        }
        // The kernel tells how much memory they take, not how many they are or how long.
        how.push_str(match self.unread {
            0 => ", nothing in it",
            _ => ", with a datagram in it that nobody has received",
        });
        how
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;

    use super::{Evidence, Socket, Thread, Waits};
    use crate::kernel::copy;
    use crate::kernel::process::{self, Kind};
    use crate::kernel::waits::{self, Wait};
    use crate::kernel::{Call, Protocol, SocketRow, State, ThreadRow};
    use crate::program::PROGRAM;
    use crate::stage::Stage;

    impl Evidence {
        pub(super) fn look_into_the_kernel(&mut self, stage: &Stage) {
            let rows = rows(stage);
            let mut descriptors = HashMap::new();
            let mut cpu_ms = None;
            for program in stage.processes() {
                let pids = program.members(stage).unwrap_or_default();
                for &pid in &pids {
                    descriptors.insert(pid, process::descriptors(pid).unwrap_or_default());
                    let so_far: u64 = cpu_ms.unwrap_or(0);
                    cpu_ms = process::cpu_ms(pid).map(|ms| so_far + ms).or(cpu_ms);
                }
                let of = match program.name.as_str() {
                    PROGRAM => String::new(),
                    name => format!("{name}, "),
                };
                let mut number = 1;
                for row in process::threads(&pids) {
                    if row.is_dead() {
                        continue;
                    }
                    let who = if row.tid == program.pid() {
                        format!("{of}main thread")
                    } else if row.pid == program.pid() {
                        number += 1;
                        format!("{of}thread {number}")
                    } else {
                        format!("{of}child process {}", row.name)
                    };
                    let own = &descriptors[&row.pid];
                    self.threads.push(thread(who, &row, own, &rows, stage));
                }
            }
            self.cpu_ms = cpu_ms;
            self.descriptors =
                (!descriptors.is_empty()).then(|| descriptors.values().map(Vec::len).sum());
            self.sockets = sockets(&rows, &descriptors, stage);
            self.sockets.extend(idle_sockets(&rows, &descriptors));
        }
    }

    fn rows(stage: &Stage) -> Vec<SocketRow> {
        let Some(diag) = &stage.diag else {
            return Vec::new();
        };
        let mut rows = diag.tcp().unwrap_or_default();
        rows.extend(diag.udp().unwrap_or_default());
        rows
    }

    fn thread(
        who: String,
        row: &ThreadRow,
        descriptors: &[(i32, Kind)],
        rows: &[SocketRow],
        stage: &Stage,
    ) -> Thread {
        let Call::In { number, args } = &row.call else {
            return Thread {
                who,
                call: None,
                descriptor: None,
                on: None,
                waits: if row.call == Call::Running {
                    Waits::Not
                } else {
                    Waits::Otherwise
                },
            };
        };
        let (waits, descriptor) = match waits::wait(*number, args) {
            Some(Wait::ToReceive(fd)) => (Waits::ToReceive, Some(fd)),
            Some(Wait::ToSend(fd)) => (Waits::ToSend, Some(fd)),
            Some(Wait::ToAccept(fd)) => (Waits::ToAccept, Some(fd)),
            Some(Wait::ForEvents) => (Waits::ForEvents, None),
            Some(Wait::ForThread) => (Waits::ForThread, None),
            Some(Wait::ForChild) => (Waits::ForChild, None),
            Some(Wait::ForSignal) => (Waits::ForSignal, None),
            None => (Waits::Otherwise, None),
        };
        let kind = descriptors.iter().find(|(fd, _)| Some(*fd) == descriptor);
        // One system call has two names in C: recv and send are these without an address.
        let name = waits::name(*number).map(|name| match name {
            "recv" if kind.is_some_and(|(_, kind)| is_udp(kind, rows)) => "recvfrom",
            "send" if kind.is_some_and(|(_, kind)| is_udp(kind, rows)) => "sendto",
            name => name,
        });
        Thread {
            who,
            call: name.map(str::to_owned),
            descriptor,
            on: kind.map(|(fd, kind)| describe(*fd, kind, rows, stage)),
            waits,
        }
    }

    fn describe(fd: i32, kind: &Kind, rows: &[SocketRow], stage: &Stage) -> String {
        match (fd, kind) {
            (_, Kind::Socket(inode)) => match rows.iter().find(|row| row.inode == *inode) {
                Some(row) => socket_name(row, stage),
                None => "a socket that is not connected".into(),
            },
            (0, _) => "standard input".into(),
            (1, _) => "standard output".into(),
            (2, _) => "standard error".into(),
            (_, Kind::Pipe(_)) => "a pipe".into(),
            (_, Kind::File(path)) => crate::payload::visible(&path.to_string_lossy()),
            (_, Kind::Event(name) | Kind::Other(name)) => crate::payload::visible(name),
            (_, Kind::Timer) => "a timer".into(),
            (_, Kind::Process) => "a process".into(),
        }
    }

    fn is_udp(kind: &Kind, rows: &[SocketRow]) -> bool {
        let mut udp = rows.iter().filter(|row| row.protocol == Protocol::Udp);
        udp.any(|row| *kind == Kind::Socket(row.inode))
    }

    fn socket_name(row: &SocketRow, stage: &Stage) -> String {
        if row.protocol == Protocol::Udp {
            return row.local.to_string();
        }
        match row.remote.map(|remote| (remote, stage.name_of(remote))) {
            Some((_, Some(name))) => format!("{name}'s connection"),
            Some((remote, None)) => format!("its connection with {remote}"),
            None => row.local.to_string(),
        }
    }

    /// TCP sockets that the kernel's tables do not show: bound, and neither listening nor connected.
    fn idle_sockets(
        rows: &[SocketRow],
        descriptors: &HashMap<i32, Vec<(i32, Kind)>>,
    ) -> Vec<Socket> {
        let mut sockets = Vec::new();
        for (pid, own) in descriptors {
            for (fd, kind) in own {
                let Kind::Socket(inode) = kind else { continue };
                if rows.iter().any(|row| row.inode == *inode) {
                    continue;
                }
                let Some(idle) = copy::idle_tcp_socket(*pid, *fd) else {
                    continue;
                };
                sockets.push(Socket {
                    protocol: Protocol::Tcp,
                    descriptor: Some(*fd),
                    local: idle.local.to_string(),
                    remote: None,
                    peer: None,
                    state: State::Close.name(),
                    listens: false,
                    queued: false,
                    over: idle.was_connected,
                    unread: 0,
                    unsent: 0,
                });
            }
        }
        sockets
    }

    fn sockets(
        rows: &[SocketRow],
        descriptors: &HashMap<i32, Vec<(i32, Kind)>>,
        stage: &Stage,
    ) -> Vec<Socket> {
        let descriptor = |inode: u32| {
            let all = descriptors.values().flatten();
            all.filter(|(_, kind)| *kind == Kind::Socket(inode))
                .map(|(fd, _)| *fd)
                .next()
        };
        let processes = stage.processes();
        let are_gone = processes.iter().all(|process| process.exit().is_some());
        let servers = stage.sources();
        let called_us = |row: &SocketRow| {
            let mut servers = servers.iter().filter(|source| source.is_called());
            servers.any(|server| server.local() == row.remote)
        };
        let mut sockets: Vec<Socket> = rows
            .iter()
            .filter_map(|row| {
                let descriptor = descriptor(row.inode);
                let peer = row.remote.and_then(|remote| stage.name_of(remote));
                // Ours, or a stranger's, or one that has only its last packets left.
                let is_ours = peer.is_none() || stage.name_of(row.local).is_some();
                let is_past =
                    row.state == State::TimeWait || (are_gone && row.inode == 0 && called_us(row));
                if descriptor.is_none() && (is_ours || is_past) {
                    return None;
                }
                Some(Socket {
                    protocol: row.protocol,
                    descriptor,
                    local: row.local.to_string(),
                    remote: row.remote.map(|remote| remote.to_string()),
                    peer,
                    state: row.state.name(),
                    listens: row.protocol == Protocol::Tcp && row.state == State::Listen,
                    over: false,
                    queued: descriptor.is_none()
                        && row.inode == 0
                        && matches!(row.state, State::Established | State::CloseWait),
                    unread: bytes_unread(row),
                    unsent: if row.protocol == Protocol::Udp {
                        0
                    } else {
                        row.unsent
                    },
                })
            })
            .collect();
        sockets.sort_by(|a, b| (!a.listens, &a.peer).cmp(&(!b.listens, &b.peer)));
        sockets
    }

    /// How many bytes nobody has received. The kernel counts in sequence numbers, and the end of what the
    /// other side sends has one, too (RFC 9293 §3.4), until recv has told of it by returning 0.
    fn bytes_unread(row: &SocketRow) -> u32 {
        match row.state {
            State::CloseWait | State::LastAck | State::Closing => row.unread.saturating_sub(1),
            _ => row.unread,
        }
    }
}
