//! What a box is asked for.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// How strong the box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Namespaces: the program sees nothing but what it needs.
    Full,
    /// Landlock: the program sees this machine and may touch little of it.
    Light,
}

impl Kind {
    /// What this box does not keep a program from, in words.
    pub fn does_not_promise(self) -> &'static [&'static str] {
        match self {
            Self::Full => &[],
            Self::Light => &[
                "processes of this machine can be counted, and some of their names be seen",
                "signals reach other processes of the same user before Linux 6.12",
                "memory and processor time are summed up some times a second, not at every step",
                "files lie on this machine's disk; their sizes are summed up some times a second, but not in folders that the program has closed to its own user",
                "datagrams may be sent to any address that the arena reaches",
                "where root grades, the compiler is root, too, though without its capabilities",
            ],
        }
    }
}

/// A power over the box's own network, for programs that are about what lies below TCP and UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Capability {
    /// `CAP_NET_RAW`: raw and packet sockets (`man 7 raw`, `man 7 packet`).
    NetRaw,
    /// `CAP_NET_ADMIN`: interfaces, addresses and routes (`man 7 rtnetlink`).
    NetAdmin,
}

/// Which network the program is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    /// The one in which the box is asked for: a check's arena.
    Callers,
    /// One of its own in which there is nothing. (The light box has none: the caller's.)
    Nothing,
}

/// A file or folder of this machine that the box shows in another place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Where it is on this machine.
    pub from: PathBuf,
    /// Where the box shows it.
    pub to: PathBuf,
}

/// What a box is asked for. Its environment is the command's, see [`prepare`](crate::prepare).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// How strong it is.
    pub kind: Kind,
    /// The program: a path, or a name in PATH.
    pub program: OsString,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Where it starts; the box's own folder if there is none.
    pub folder: Option<PathBuf>,
    /// Files and folders that it may read, beside the system's libraries and programs.
    pub readable: Vec<PathBuf>,
    /// The same, but shown elsewhere. (In the light box it stays where it is.)
    pub placed: Vec<Placed>,
    /// Folders that it may write to, too.
    pub writable: Vec<PathBuf>,
    /// TCP ports that it may bind and connect to in the light box; any if there is none.
    pub ports: Option<Vec<u16>>,
    /// Which network it is in.
    pub network: Network,
    /// What it may do to that network beyond what every program may. (Full box.)
    pub capabilities: Vec<Capability>,
    /// A file that the program makes, named from the box's own folder, and that is written to the box's standard output after its end,
    /// if that was a good one. The program's own standard output then leads nowhere.
    pub product: Option<PathBuf>,
    /// What it may use.
    pub limits: Limits,
    /// Whether it may stay the grader's user, if without capabilities, in a light box: for a compiler
    /// that lies where nobody else may look.
    pub same_user: bool,
    /// Who it is where the grader is root: boxes of the same number can see each other's files.
    pub user: u32,
}

impl Spec {
    /// A full box for `program` with `args`, and nothing else.
    pub fn new(program: impl Into<OsString>, args: &[OsString], limits: Limits) -> Self {
        Self {
            kind: Kind::Full,
            program: program.into(),
            args: args.to_vec(),
            folder: None,
            readable: Vec::new(),
            placed: Vec::new(),
            writable: Vec::new(),
            ports: None,
            network: Network::Callers,
            capabilities: Vec::new(),
            product: None,
            limits,
            same_user: false,
            user: user(),
        }
    }
}

/// The number of this thread: a check's programs are one user, and no other check's.
#[cfg(target_os = "linux")]
fn user() -> u32 {
    let thread = rustix::thread::gettid();
    thread.as_raw_nonzero().get().unsigned_abs()
}

#[cfg(not(target_os = "linux"))]
fn user() -> u32 {
    std::process::id()
}

/// The box's own folder: where a program starts, and its home.
pub(crate) const SCRATCH: &str = "/tmp";
