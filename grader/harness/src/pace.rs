//! Whether something lasted as long as it should: a wait that a lesson asks for.

use std::time::Duration;

use crate::moment::Gap;

/// How long something should last, with what a lesson allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Not shorter than this.
    pub least: Duration,
    /// Not longer than this.
    pub most: Duration,
}

/// How long it lasted, by the pace that was asked for. What is not certain is not guessed: it is
/// measured again, see [`Run::clearly`](crate::Run::clearly).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// As it should, wherever in its gap each moment was.
    InTime,
    /// Too short, whatever the machine did.
    TooShort,
    /// Too long, whatever the machine did.
    TooLong,
    /// It cannot be told: the harness looked too late, or the machine held the program up.
    Unclear,
}

impl Pace {
    /// So many in a row.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            least: self.least * count,
            most: self.most * count,
        }
    }

    /// Judges what has lasted for `gap` in a program that the machine held up for `before` at the most
    /// just before it began, and for `after` once it had lasted for `least`. See [`crate::delay`].
    ///
    /// Who is held up at the end of a wait acts late. And a wait may be shorter than it was meant: who
    /// looks at the clock, is put off, and then sends, counts from before it sent.
    pub fn judge(self, gap: Gap, before: Duration, after: Duration) -> Kept {
        if gap.most + before < self.least {
            Kept::TooShort
        } else if gap.least > self.most + after {
            Kept::TooLong
        } else if gap.least >= self.least && gap.most <= self.most {
            Kept::InTime
        } else {
            Kept::Unclear
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

    fn judge(least: u64, most: u64, before: u64, after: u64) -> Kept {
        let gap = Gap {
            least: ms(least),
            most: ms(most),
        };
        PACE.judge(gap, ms(before), ms(after))
    }

    #[test]
    fn what_is_certain_is_judged() {
        assert_eq!(judge(200, 201, 0, 0), Kept::InTime);
        assert_eq!(judge(99, 99, 0, 0), Kept::TooShort);
        assert_eq!(judge(301, 301, 0, 0), Kept::TooLong);
    }

    #[test]
    fn what_the_harness_did_not_see_exactly_is_neither_a_fault_nor_right() {
        assert_eq!(judge(90, 110, 0, 0), Kept::Unclear);
        assert_eq!(judge(290, 400, 0, 0), Kept::Unclear);
        assert_eq!(judge(110, 290, 0, 0), Kept::InTime);
    }

    #[test]
    fn what_the_machine_held_up_is_neither_a_fault_nor_right() {
        assert_eq!(judge(350, 350, 0, 60), Kept::Unclear);
        assert_eq!(judge(350, 350, 60, 40), Kept::TooLong);
        assert_eq!(judge(80, 80, 30, 0), Kept::Unclear);
        assert_eq!(judge(0, 5, 30, 90), Kept::TooShort);
    }

    #[test]
    fn a_delay_that_changed_nothing_makes_nothing_unclear() {
        assert_eq!(judge(200, 210, 500, 500), Kept::InTime);
    }

    #[test]
    fn several_waits_in_a_row_are_as_long_as_all_of_them() {
        let three = PACE.times(3);
        assert_eq!((three.least, three.most), (ms(300), ms(900)));
    }
}
