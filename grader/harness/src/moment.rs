//! When something happened, as exactly as it is known.
//!
//! The harness sees a datagram when it looks, and on a busy machine it may be kept from looking. What
//! it knows for certain is between which two looks the datagram came. A verdict about time must hold
//! wherever in between it was: then a late harness never blames a program.

use std::time::{Duration, Instant};

/// Between two instants something happened.
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
            not_before,
            not_after: not_after.max(not_before),
        }
    }

    /// Just now.
    pub fn now() -> Self {
        let now = Instant::now();
        Self::between(now, now)
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_as_uncertain_as_its_ends() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let (first, second) = (
            Moment::between(at(0), at(5)),
            Moment::between(at(200), at(220)),
        );
        let gap = first.until(second);
        assert_eq!(gap.least, Duration::from_millis(195));
        assert_eq!(gap.most, Duration::from_millis(220));
        // Both were found at the same look: perhaps at once, perhaps as far apart as the looks.
        let gap = first.until(first);
        assert_eq!(
            (gap.least, gap.most),
            (Duration::ZERO, Duration::from_millis(5))
        );
    }
}
