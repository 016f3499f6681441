//! Time limits, and how slow this machine is.
//!
//! A limit is only ever the last word: on Linux most verdicts come from [`crate::stall`]. Where a
//! limit does decide, it must not fail a right program on a slow or busy machine, so all limits are
//! multiplied by a scale that is measured once, before the first check.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::closing::starting;

/// How long a program may take until it listens, sends its first packet or prints its first line.
pub const START: Duration = Duration::from_secs(10);
/// How long a program may take to do one thing that a check waits for.
pub const STEP: Duration = Duration::from_secs(5);
/// How much time the kernel may spend on a program's system calls, within a [`STEP`], while nothing comes
/// of them: one that makes them so often goes round in circles. On a busy machine this time passes as
/// slowly as the program runs.
pub const CALLS: Duration = Duration::from_secs(1);
/// How long a program may take to bring a large file to a disk: disks differ by more than processors
/// do, and others use them meanwhile.
pub const DISK: Duration = Duration::from_secs(60);
/// How long a program that has failed may take to come to rest before it is looked at.
pub const REST: Duration = Duration::from_millis(250);
/// How long silence must last where a stall cannot be seen.
pub const SILENCE: Duration = Duration::from_secs(1);

/// What starting and ending a trivial process takes on an idle machine of today, generously.
const REFERENCE: Duration = Duration::from_millis(4);

/// How much longer than on an ordinary machine things take here; 1 at least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale(f64);

impl Scale {
    /// A scale of the user's own. Nothing below a tenth, so that a slip does not fail everything.
    pub fn fixed(factor: f64) -> Self {
        Self(factor.clamp(0.1, 1000.0))
    }

    /// Measures: starts a trivial process a few times and compares the median with what an ordinary
    /// machine takes. Starting processes and being scheduled is what programs under test do, too.
    pub fn measured() -> Self {
        let mut samples: Vec<Duration> = (0..5).map(|_| start_a_process()).collect();
        samples.sort();
        let factor = samples[samples.len() / 2].as_secs_f64() / REFERENCE.as_secs_f64();
        Self(factor.clamp(1.0, 100.0))
    }

    /// `limit` on this machine.
    pub fn apply(self, limit: Duration) -> Duration {
        limit.mul_f64(self.0)
    }

    /// The factor itself.
    pub fn factor(self) -> f64 {
        self.0
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self(1.0)
    }
}

/// How long it takes from asking for a process until it has ended.
fn start_a_process() -> Duration {
    let start = Instant::now();
    let mut command = Command::new("true");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let child = {
        let _until_exec = starting();
        command.spawn()
    };
    match child.and_then(|mut child| child.wait()) {
        Ok(_) => start.elapsed(),
        // A machine without `true` tells nothing about its speed.
        Err(_) => REFERENCE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_never_shortens_a_limit_unless_asked_to() {
        assert!(Scale::measured().apply(STEP) >= STEP);
        assert_eq!(Scale::fixed(0.5).apply(STEP), STEP / 2);
    }
}
