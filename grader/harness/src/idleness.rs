//! How much processor time a program uses while nobody wants anything of it.

use std::time::{Duration, Instant};

use crate::failure::{Actual, DecidedBy, Expected, Stopped, Verdict};
use crate::program::Program;
use crate::resources::Resources;
use crate::stage::Ended;

/// How long a program is watched. Processor time is counted in hundredths of a second.
const WATCH: Duration = Duration::from_secs(2);

impl Program {
    /// Expects that it uses less than `percent` of one processor while nothing happens. A program of
    /// which every thread waits without limit uses none, and that is seen at once; any other is
    /// watched for a while.
    pub fn expect_idle(&mut self, percent: u64) -> Verdict {
        // What it still does for its clients is not idleness.
        self.settle();
        let before = self.seen_resources()?;
        let start = Instant::now();
        match self.stage.settle(WATCH) {
            Ended::Stalled | Ended::Exited => return Ok(()),
            Ended::Deadline => {}
        }
        let share = share(millis(start.elapsed()), before, self.seen_resources()?);
        if share < percent {
            return Ok(());
        }
        let expected = Expected::Idleness { percent };
        let actual = Actual::Busy { percent: share };
        let decided_by = DecidedBy::Observation;
        Err(self.stage.fail(None, expected, actual, decided_by))
    }

    fn seen_resources(&self) -> Verdict<Resources> {
        self.resources().ok_or_else(|| {
            Stopped::Skipped("this machine does not show how long a program runs".into())
        })
    }
}

/// How much of a processor was used in `elapsed` milliseconds, in percent. On a busy machine a program
/// gets less than it wants: the time in which others had the processor does not count, up to three
/// quarters of all.
fn share(elapsed: u64, before: Resources, after: Resources) -> u64 {
    let used = after.cpu_ms.saturating_sub(before.cpu_ms);
    let queued = after.queued_ms.saturating_sub(before.queued_ms);
    used * 100 / (elapsed - queued.min(elapsed * 3 / 4)).max(1)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share_of(cpu_ms: u64, queued_ms: u64) -> u64 {
        let after = Resources {
            cpu_ms,
            queued_ms,
            ..Resources::default()
        };
        share(1000, Resources::default(), after)
    }

    #[test]
    fn who_always_wants_the_processor_is_busy_however_little_of_it_is_free() {
        assert_eq!(share_of(1000, 0), 100);
        assert_eq!(share_of(400, 600), 100);
        assert_eq!(share_of(50, 950), 20);
    }

    #[test]
    fn who_seldom_wants_it_is_idle_though_it_has_to_queue() {
        assert_eq!(share_of(4, 40), 0);
    }
}
