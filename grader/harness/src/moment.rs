//! When something happened, as far as the harness can know.
//!
//! The harness is a program like any other: it may be put off between an event and its look at the
//! clock. So it never says *when*: it says not before this, and not after that, and both are certain. A
//! verdict about time must hold wherever in between it was: then a late harness never blames a program.

use std::time::{Duration, Instant};

/// When something happened: not before one moment, and not after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    not_before: Instant,
    not_after: Instant,
}

/// How much time lies between two moments: at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Not less than this.
    pub least: Duration,
    /// Not more than this.
    pub most: Duration,
}

impl Moment {
    /// It had not happened when one looked at `not_before`, and had at `not_after`.
    pub(crate) fn between(not_before: Instant, not_after: Instant) -> Self {
        Self {
            not_before: not_before.min(not_after),
            not_after,
        }
    }

    /// Just now.
    pub fn now() -> Self {
        let now = Instant::now();
        Self::between(now, now)
    }

    /// Of what is done meanwhile, with what comes of it.
    pub fn of<T>(deed: impl FnOnce() -> T) -> (Self, T) {
        let not_before = Instant::now();
        let done = deed();
        (Self::between(not_before, Instant::now()), done)
    }

    /// It had not happened at this instant.
    pub(crate) fn not_before(self) -> Instant {
        self.not_before
    }

    /// It had happened at this instant.
    pub(crate) fn not_after(self) -> Instant {
        self.not_after
    }

    /// How much later `later` was.
    pub fn until(self, later: Self) -> Gap {
        Gap {
            least: later.not_before.saturating_duration_since(self.not_after),
            most: later.not_after.saturating_duration_since(self.not_before),
        }
    }

    /// The same moment, where the kernel has told, when it was asked `asked`, that it was `ago`, or
    /// `about` that.
    pub(crate) fn narrowed(self, asked: Self, ago: Duration, about: Duration) -> Self {
        let earliest = asked.not_before.checked_sub(ago + about);
        let latest = asked.not_after.checked_sub(ago.saturating_sub(about));
        let not_after = latest.map_or(self.not_after, |at| at.min(self.not_after));
        let not_before = earliest.map_or(self.not_before, |at| at.max(self.not_before));
        Self::between(not_before, not_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn between(start: Instant, from: u32, to: u32) -> Moment {
        Moment::between(start + from * MS, start + to * MS)
    }

    #[test]
    fn what_is_not_known_exactly_is_known_from_both_sides() {
        let start = Instant::now();
        let gap = between(start, 0, 30).until(between(start, 100, 150));
        assert_eq!((gap.least, gap.most), (70 * MS, 150 * MS));
    }

    #[test]
    fn what_was_found_at_one_look_came_at_once_or_as_far_apart_as_two_looks() {
        let found = between(Instant::now(), 0, 5);
        let gap = found.until(found);
        assert_eq!((gap.least, gap.most), (Duration::ZERO, 5 * MS));
    }

    #[test]
    fn the_kernel_knows_better_than_who_looked_late() {
        let start = Instant::now();
        let seen = between(start, 100, 900);
        let narrowed = seen.narrowed(between(start, 1000, 1005), 500 * MS, 10 * MS);
        assert_eq!(narrowed, between(start, 490, 515));
    }

    #[test]
    fn what_the_kernel_says_never_widens_what_was_seen() {
        let start = Instant::now();
        let seen = between(start, 505, 507);
        let narrowed = seen.narrowed(between(start, 1000, 1005), 500 * MS, 10 * MS);
        assert_eq!(narrowed, seen);
    }
}
