//! Programs that go round in circles: they call the kernel again and again, and nothing comes of it.
//!
//! No stall can show that, since they never sleep. But the kernel counts the time that it spends on a
//! program's calls, so that nobody has to wait for a deadline, while the program keeps a processor busy.
//! A program that computes makes few calls; how long that takes is its own affair until the deadline. So
//! most of its processor time must be the kernel's.

use std::time::Duration;

use crate::clock;
use crate::stage::Stage;

/// The calls of a program since something moved last.
#[derive(Debug)]
pub(crate) struct Circles {
    /// How long the kernel may be busy with them; none where that is not asked.
    limit: Option<Duration>,
    /// What the kernel had spent when something moved last.
    before: Option<Spent>,
}

/// Processor time.
#[derive(Clone, Copy, Debug)]
struct Spent {
    /// All of it, in milliseconds.
    all_ms: u64,
    /// The kernel's part.
    kernel_ms: u64,
}

impl Circles {
    /// For a wait of `limit`, before it is scaled.
    pub(crate) fn within(limit: Duration, stage: &Stage) -> Self {
        let conditions = &stage.conditions;
        let asked = conditions.stalls && limit == clock::STEP;
        Self {
            limit: asked.then(|| conditions.scale.apply(clock::CALLS)),
            before: None,
        }
    }

    /// Something has moved.
    pub(crate) fn moved(&mut self) {
        self.before = None;
    }

    /// For how long the kernel was busy with calls of which nothing came, if for too long.
    pub(crate) fn too_long(&mut self, stage: &Stage) -> Option<Duration> {
        let limit = self.limit?;
        self.busy(stage).filter(|busy| *busy >= limit)
    }

    /// The same at the deadline: on a busy machine a program does not come to make many calls.
    pub(crate) fn at_the_deadline(&mut self, stage: &Stage) -> Option<Duration> {
        let limit = self.limit?;
        self.busy(stage).filter(|busy| *busy >= limit / 10)
    }

    fn busy(&mut self, stage: &Stage) -> Option<Duration> {
        let spent = spent(stage)?;
        let before = *self.before.get_or_insert(spent);
        let all_ms = spent.all_ms.saturating_sub(before.all_ms);
        let kernel_ms = spent.kernel_ms.saturating_sub(before.kernel_ms);
        (kernel_ms * 2 >= all_ms).then(|| Duration::from_millis(kernel_ms))
    }
}

/// What all programs have spent so far; none where the system does not tell.
#[cfg(target_os = "linux")]
fn spent(stage: &Stage) -> Option<Spent> {
    use crate::kernel::process::{cpu_ms, system_ms};

    let (mut all_ms, mut kernel_ms) = (0, 0);
    for process in stage.processes() {
        for pid in process.members(stage).ok()? {
            all_ms += cpu_ms(pid)?;
            kernel_ms += system_ms(pid)?;
        }
    }
    Some(Spent { all_ms, kernel_ms })
}

#[cfg(not(target_os = "linux"))]
fn spent(_stage: &Stage) -> Option<Spent> {
    None
}
