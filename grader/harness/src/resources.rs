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
    /// Processor time so far, in milliseconds.
    pub cpu_ms: u64,
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
        sum.threads += process::threads(&[pid])
            .iter()
            .filter(|t| !t.is_dead())
            .count();
        sum.descriptors += process::descriptors(pid).ok()?.len();
        sum.memory += process::anonymous_memory(pid)?;
        sum.cpu_ms += process::cpu_ms(pid)?;
    }
    Some(sum)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn of(_pids: &[i32]) -> Option<Resources> {
    None
}
