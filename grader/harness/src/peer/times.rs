//! When things happened on a connection, as far as the harness can know.
//!
//! The harness is a program like any other: it may be put off between an event and its look at the
//! clock. So it never says *when*: it says not before this, and not after that, and both are certain.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// How far the kernel's own clock for connections (jiffies) may be from the truth.
const JIFFY: Duration = Duration::from_millis(10);

/// When something happened: not before one moment, and not after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub(crate) not_before: Instant,
    pub(crate) not_after: Instant,
}

impl Moment {
    /// Of what is done meanwhile, with what comes of it.
    pub fn of<T>(deed: impl FnOnce() -> T) -> (Self, T) {
        let not_before = Instant::now();
        let done = deed();
        let not_after = Instant::now();
        let moment = Self {
            not_before,
            not_after,
        };
        (moment, done)
    }

    /// How much time had passed since `earlier`: at the least, and at the most.
    pub fn since(&self, earlier: &Self) -> (Duration, Duration) {
        let least = self.not_before.saturating_duration_since(earlier.not_after);
        let most = self.not_after.saturating_duration_since(earlier.not_before);
        (least, most)
    }

    /// The same moment, where the kernel has told, when it was asked `asked`, that it was `ago`.
    pub(crate) fn narrowed(self, asked: Self, ago: Duration) -> Self {
        let earliest = asked.not_before.checked_sub(ago + JIFFY);
        let latest = asked.not_after.checked_sub(ago.saturating_sub(JIFFY));
        let not_after = latest.map_or(self.not_after, |at| at.min(self.not_after));
        let not_before = earliest.map_or(self.not_before, |at| at.max(self.not_before));
        Self {
            not_before: not_before.min(not_after),
            not_after,
        }
    }
}

/// When a connection was made, and when it ended.
#[derive(Debug)]
pub(super) struct Times {
    made: Cell<Moment>,
    /// When the connection was last seen not to have ended.
    open: Cell<Instant>,
    ended: Cell<Option<Moment>>,
}

impl Times {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let made = Moment {
            not_before: now,
            not_after: now,
        };
        Self {
            made: Cell::new(made),
            open: Cell::new(now),
            ended: Cell::new(None),
        }
    }

    /// The connection was made meanwhile.
    pub(super) fn was_made(&self, moment: Moment) {
        self.made.set(moment);
    }

    pub(super) fn made(&self) -> Moment {
        self.made.get()
    }

    /// Whoever looked at `then` has not found an end.
    pub(super) fn was_open_at(&self, then: Instant) {
        self.open.set(then);
    }

    /// The end has just been seen.
    pub(super) fn has_ended(&self) {
        if self.ended.get().is_none() {
            self.ended.set(Some(Moment {
                not_before: self.open.get(),
                not_after: Instant::now(),
            }));
        }
    }

    pub(super) fn ended(&self) -> Option<Moment> {
        self.ended.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn between(start: Instant, from: u32, to: u32) -> Moment {
        Moment {
            not_before: start + from * MS,
            not_after: start + to * MS,
        }
    }

    #[test]
    fn what_is_not_known_exactly_is_known_from_both_sides() {
        let start = Instant::now();
        let (made, ended) = (between(start, 0, 30), between(start, 100, 150));
        assert_eq!(ended.since(&made), (70 * MS, 150 * MS));
    }

    #[test]
    fn the_kernel_knows_better_than_who_looked_late() {
        let start = Instant::now();
        let seen = between(start, 100, 900);
        let narrowed = seen.narrowed(between(start, 1000, 1005), 500 * MS);
        assert_eq!(narrowed, between(start, 490, 515));
    }

    #[test]
    fn what_the_kernel_says_never_widens_what_was_seen() {
        let start = Instant::now();
        let seen = between(start, 505, 507);
        let narrowed = seen.narrowed(between(start, 1000, 1005), 500 * MS);
        assert_eq!(narrowed, seen);
    }
}
