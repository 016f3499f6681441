//! Whether a program keeps to the time that it was asked to wait.

use std::time::Duration;

use crate::moment::Gap;

/// A wait that a lesson asks for, with what it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Not shorter than this.
    pub least: Duration,
    /// Not longer than this.
    pub most: Duration,
}

/// How long a program waited, by the pace that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// As it should, as far as can be proved.
    InTime,
    /// Too short, whatever the machine did.
    TooShort,
    /// Too long, whatever the machine did.
    TooLong,
}

impl Pace {
    /// So many waits in a row.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            least: self.least * count,
            most: self.most * count,
        }
    }

    /// Judges a wait of which `gap` is known, of a program that the machine held up by `before` at the
    /// most just before the wait, and by `after` once it had lasted for `least`; none where that is not
    /// known. See [`crate::delay`].
    ///
    /// Who is held up at the end of a wait acts late. And a wait may be shorter than it was meant: who
    /// looks at the clock, is put off, and then sends, counts from before it sent.
    pub fn judge(self, gap: Gap, before: Option<Duration>, after: Option<Duration>) -> Kept {
        // Where delays are not known, they are taken for half a wait, and nobody is too late.
        let before = before.unwrap_or(self.least / 2);
        if gap.most + before < self.least {
            Kept::TooShort
        } else if after.is_some_and(|after| gap.least > self.most + after) {
            Kept::TooLong
        } else {
            Kept::InTime
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    const PACE: Pace = Pace {
        least: ms(100),
        most: ms(300),
    };

    fn judge(least: u64, most: u64, before: Option<u64>, after: Option<u64>) -> Kept {
        let gap = Gap {
            least: ms(least),
            most: ms(most),
        };
        PACE.judge(gap, before.map(ms), after.map(ms))
    }

    #[test]
    fn a_wait_within_the_pace_is_in_time() {
        let judge = |least, most| judge(least, most, Some(0), Some(0));
        assert_eq!(judge(200, 201), Kept::InTime);
        assert_eq!(judge(99, 99), Kept::TooShort);
        assert_eq!(judge(301, 301), Kept::TooLong);
    }

    #[test]
    fn what_the_harness_did_not_see_exactly_is_no_fault() {
        let judge = |least, most| judge(least, most, Some(0), Some(0));
        assert_eq!(judge(90, 110), Kept::InTime);
        assert_eq!(judge(290, 400), Kept::InTime);
    }

    #[test]
    fn what_the_machine_held_up_is_no_fault() {
        assert_eq!(judge(350, 350, Some(0), Some(60)), Kept::InTime);
        assert_eq!(judge(350, 350, Some(60), Some(40)), Kept::TooLong);
        assert_eq!(judge(80, 80, Some(30), Some(0)), Kept::InTime);
        assert_eq!(judge(0, 5, Some(30), Some(90)), Kept::TooShort);
    }

    #[test]
    fn where_delays_are_not_known_nobody_is_too_late() {
        assert_eq!(judge(5000, 5000, None, None), Kept::InTime);
        assert_eq!(judge(0, 5, None, None), Kept::TooShort);
        assert_eq!(judge(0, 60, None, None), Kept::InTime);
    }

    #[test]
    fn several_waits_in_a_row_are_as_long_as_all_of_them() {
        let three = PACE.times(3);
        assert_eq!((three.least, three.most), (ms(300), ms(900)));
    }
}
