//! What a program uses of the machine: memory, threads, descriptors, processor time; summed over all
//! its processes, zombies left out.

use crate::failure::Verdict;
use crate::program::Program;

/// What a program uses at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// Threads of all its processes.
    pub threads: usize,
    /// Open descriptors of all its processes.
    pub descriptors: usize,
    /// Resident anonymous memory, in bytes: heap and stacks, not its code and files.
    pub memory: u64,
    /// Processor time so far, in milliseconds; that of children that have ended is in it.
    pub cpu_ms: u64,
    /// How long its threads wanted a processor so far and had none, in milliseconds.
    pub queued_ms: u64,
}

impl Program {
    /// What it uses now; `None` where the system does not tell.
    pub fn resources(&self) -> Option<Resources> {
        let pids = self.process.members(&self.stage).ok()?;
        of(&pids)
    }

    /// From now on, remembers the most memory that it was seen to use while the harness waited.
    pub fn watch_memory(&mut self) {
        self.process.watch_memory();
    }

    /// The most memory that it was seen to use, in bytes; 0 where the system does not tell.
    pub fn peak_memory(&self) -> u64 {
        self.process.look_at_memory(&self.stage);
        self.process.peak_memory()
    }

    /// Expects that it was never seen to use more than `limit` bytes of memory since it is
    /// [watched](Self::watch_memory).
    pub fn expect_memory_under(&self, limit: u64) -> Verdict {
        let used = self.peak_memory();
        if used < limit {
            return Ok(());
        }
        let mib = |bytes: u64| bytes >> 20;
        Err(self.fails(
            &format!("its memory to stay under {} MiB", mib(limit)),
            &format!("it used {} MiB", mib(used)),
        ))
    }
}

#[cfg(target_os = "linux")]
pub(crate) fn of(pids: &[i32]) -> Option<Resources> {
    use crate::kernel::process;

    let mut sum = Resources::default();
    for &pid in pids {
        match of_process(pid) {
            Some(of_process) => sum = sum.plus(of_process),
            // It may have ended while it was looked at, as those of a server with a process for each
            // client do: then it has nothing any more.
            None if process::life(pid) != process::Life::Alive => {}
            None => return None,
        }
    }
    Some(sum)
}

#[cfg(target_os = "linux")]
fn of_process(pid: i32) -> Option<Resources> {
    use crate::kernel::{process, queues};
    let queued = queues::waited(pid).as_millis();
    let threads = process::threads(&[pid]);
    Some(Resources {
        threads: threads.iter().filter(|t| !t.is_dead()).count(),
        descriptors: process::descriptors(pid).ok()?.len(),
        memory: process::anonymous_memory(pid)?,
        cpu_ms: process::cpu_ms(pid)?,
        queued_ms: u64::try_from(queued).unwrap_or(u64::MAX),
    })
}

#[cfg(target_os = "linux")]
impl Resources {
    fn plus(self, other: Self) -> Self {
        Self {
            threads: self.threads + other.threads,
            descriptors: self.descriptors + other.descriptors,
            memory: self.memory + other.memory,
            cpu_ms: self.cpu_ms + other.cpu_ms,
            queued_ms: self.queued_ms + other.queued_ms,
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn of(_pids: &[i32]) -> Option<Resources> {
    None
}
