//! What a program may use, and what is said where it wanted more.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a program may use, with all that it starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// From its start, by the clock.
    pub wall: Duration,
    /// Processor time of all its processes together.
    pub cpu: Duration,
    /// Memory of all its processes together, in bytes.
    pub memory: u64,
    /// Processes and threads at a time.
    pub processes: u64,
    /// Open descriptors of each process; what the keeper was started with if there is none.
    pub descriptors: Option<u64>,
    /// Of each file, in bytes.
    pub file: u64,
    /// Of all files together in the box's own folder, in bytes: its tmpfs. (Full box.)
    pub scratch: u64,
    /// Of all files together in the other folders that it may write to, and of those that it has open
    /// and no folder names any more, in bytes. (Light box: in its own folder, too.)
    pub files: u64,
    /// On standard output and standard error together, in bytes. Whoever reads them must count.
    pub output: u64,
}

const MIB: u64 = 1 << 20;

impl Limits {
    /// For a program that a lesson's check talks to: more than any right one needs.
    pub fn program() -> Self {
        Self {
            wall: Duration::from_secs(300),
            cpu: Duration::from_secs(120),
            memory: 1024 * MIB,
            processes: 2048,
            descriptors: None,
            file: 512 * MIB,
            scratch: 64 * MIB,
            files: 1024 * MIB,
            output: 64 * MIB,
        }
    }

    /// For the compiler.
    pub fn compiler() -> Self {
        Self {
            wall: Duration::from_secs(120),
            cpu: Duration::from_secs(120),
            memory: 2048 * MIB,
            processes: 256,
            descriptors: None,
            file: 256 * MIB,
            scratch: 512 * MIB,
            files: 512 * MIB,
            output: MIB,
        }
    }
}

/// A limit that struck, and where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// Time by the clock.
    Wall(Duration),
    /// Processor time.
    Cpu(Duration),
    /// Memory, in bytes.
    Memory(u64),
    /// Processes and threads.
    Processes(u64),
    /// The size of a file, in bytes.
    File(u64),
    /// The size of all files, in bytes.
    Files(u64),
    /// What it printed, in bytes.
    Output(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: u64| bytes / MIB;
        match self {
            Self::Wall(most) => write!(f, "it ran for longer than {} s", most.as_secs()),
            Self::Cpu(most) => write!(
                f,
                "it used more than {} s of processor time",
                most.as_secs()
            ),
            Self::Memory(most) => write!(f, "it used more than {} MiB of memory", mib(*most)),
            Self::Processes(most) => {
                write!(f, "it wanted more than {most} processes and threads")
            }
            Self::File(most) => write!(f, "it wrote a file of more than {} MiB", mib(*most)),
            Self::Files(most) => write!(f, "its files took more than {} MiB", mib(*most)),
            Self::Output(most) => write!(f, "it printed more than {} MiB", mib(*most)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_named_in_words() {
        let words = [
            Limit::Wall(Duration::from_secs(300)),
            Limit::Cpu(Duration::from_secs(60)),
            Limit::Memory(1024 * MIB),
            Limit::Processes(2048),
            Limit::File(512 * MIB),
            Limit::Files(1024 * MIB),
            Limit::Output(64 * MIB),
        ]
        .map(|limit| limit.to_string());
        assert_eq!(
            words,
            [
                "it ran for longer than 300 s",
                "it used more than 60 s of processor time",
                "it used more than 1024 MiB of memory",
                "it wanted more than 2048 processes and threads",
                "it wrote a file of more than 512 MiB",
                "its files took more than 1024 MiB",
                "it printed more than 64 MiB",
            ]
        );
    }
}
