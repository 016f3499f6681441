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
    /// Judges a wait of which `gap` is known, of a program that the machine held up by `delay` at the
    /// most (see [`crate::delay`]); none where that is not known.
    ///
    /// Who is held up acts late, so its wait is longer than it meant. It may also be shorter: a program
    /// that looks at the clock, is put off, and then sends, counts a wait that began before it sent.
    pub fn judge(self, gap: Gap, delay: Option<Duration>) -> Kept {
        let Some(delay) = delay else {
            // Then only what comes without any delay can be blamed on nobody else.
            return if gap.most < self.least / 2 {
                Kept::TooShort
            } else {
                Kept::InTime
            };
        };
        if gap.most + delay < self.least {
            Kept::TooShort
        } else if gap.least > self.most + delay {
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

    fn judge(least: u64, most: u64, delay: Option<u64>) -> Kept {
        let gap = Gap {
            least: ms(least),
            most: ms(most),
        };
        PACE.judge(gap, delay.map(ms))
    }

    #[test]
    fn a_wait_within_the_pace_is_in_time() {
        assert_eq!(judge(200, 201, Some(0)), Kept::InTime);
        assert_eq!(judge(99, 99, Some(0)), Kept::TooShort);
        assert_eq!(judge(301, 301, Some(0)), Kept::TooLong);
    }

    #[test]
    fn what_the_harness_did_not_see_exactly_is_no_fault() {
        assert_eq!(judge(90, 110, Some(0)), Kept::InTime);
        assert_eq!(judge(290, 400, Some(0)), Kept::InTime);
    }

    #[test]
    fn what_the_machine_held_up_is_no_fault() {
        assert_eq!(judge(350, 350, Some(60)), Kept::InTime);
        assert_eq!(judge(350, 350, Some(40)), Kept::TooLong);
        assert_eq!(judge(80, 80, Some(30)), Kept::InTime);
        assert_eq!(judge(0, 5, Some(30)), Kept::TooShort);
    }

    #[test]
    fn where_delays_are_not_known_nobody_is_too_late() {
        assert_eq!(judge(5000, 5000, None), Kept::InTime);
        assert_eq!(judge(0, 5, None), Kept::TooShort);
    }
}
