//! How long a program waits for the answer to its SYN, when none comes.
//!
//! The kernel shows a connect that is under way: a socket in SYN-SENT. The harness looks again and
//! again, and what it has seen bounds the time from both sides, however busy the machine is:
//!
//! - at least: from the end of the first look that saw the socket to the beginning of the last one;
//! - at most: from the beginning of the last look before that to the end of the first look after it.
//!
//! A program is late, too, when no processor is free for it. The kernel counts how long it waited for
//! one, and that is not held against it; nor is a long time in which the harness itself did not run.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::clock;
use crate::failure::{Actual, Expected, Verdict};
use crate::kernel::{State, queues};
use crate::payload::thousands;
use crate::program::Program;

/// The longest time between two looks that counts in full.
const LONGEST_STEP: Duration = Duration::from_millis(50);

/// What the looks at one handshake have shown.
struct Handshake {
    /// When the last look began.
    last_look: Instant,
    /// The longest time in which it may have come and gone between two looks.
    longest_gap: Duration,
    /// Its first sight, if it was seen.
    seen: Option<Seen>,
}

struct Seen {
    /// When the last look began that did not show it yet.
    not_before: Instant,
    /// Up to when it is known to have been there.
    until: Instant,
    /// How much of the time since its first sight counts.
    counted: Duration,
    /// When the first look ended that showed it no more.
    gone_by: Option<Instant>,
    /// How long the program had waited for a processor when it was first seen.
    delay_before: Duration,
}

impl Handshake {
    fn new(now: Instant) -> Self {
        Self {
            last_look: now,
            longest_gap: Duration::ZERO,
            seen: None,
        }
    }

    /// Takes in a look that lasted from `begin` to `end`.
    fn look(&mut self, begin: Instant, end: Instant, under_way: bool, delay: Duration) {
        self.longest_gap = self.longest_gap.max(end - self.last_look);
        match &mut self.seen {
            None if under_way => {
                self.seen = Some(Seen {
                    not_before: self.last_look,
                    until: end,
                    counted: Duration::ZERO,
                    gone_by: None,
                    delay_before: delay,
                });
            }
            None => {}
            Some(seen) if under_way => {
                let step = begin.saturating_duration_since(seen.until);
                seen.counted += step.min(LONGEST_STEP);
                seen.until = begin;
                seen.gone_by = None;
            }
            Some(seen) => {
                seen.gone_by.get_or_insert(end);
            }
        }
        self.last_look = begin;
    }

    /// How long it was under way at least, without what the program waited for a processor.
    fn at_least(&self, delay: Duration) -> Duration {
        self.seen.as_ref().map_or(Duration::ZERO, |seen| {
            let delayed = delay.saturating_sub(seen.delay_before);
            seen.counted.saturating_sub(delayed)
        })
    }

    /// How long it was under way at most.
    fn at_most(&self, now: Instant) -> Duration {
        self.seen.as_ref().map_or(self.longest_gap, |seen| {
            seen.gone_by.unwrap_or(now) - seen.not_before
        })
    }
}

/// How the wait for a program's patience to end came out.
enum Patience {
    Ended,
    TooLong,
}

impl Program {
    /// Waits until the program, which connects to `address` where nobody answers, has given up and
    /// ended; and says how long it has waited for an answer at most. Fails if it has certainly waited
    /// for more than `most`.
    ///
    /// Where the kernel does not show sockets, the program's whole life stands for its handshake, and
    /// `most` is as generous as the limit for a start.
    pub fn wait_until_it_gives_up(
        &mut self,
        address: SocketAddr,
        most: Duration,
    ) -> Verdict<Duration> {
        let mut handshake = Handshake::new(Instant::now());
        let mut delay = Duration::ZERO;
        let sees = self.stage.diag.is_some();
        let waited = self.stage.wait_closely(clock::START + most, || {
            let ended = self.process.exit().is_some();
            let begin = Instant::now();
            let under_way = self.is_connecting(address).unwrap_or(!ended);
            delay = delay.max(self.delay());
            handshake.look(begin, Instant::now(), under_way, delay);
            if ended {
                return Some(Patience::Ended);
            }
            (sees && handshake.at_least(delay) > most).then_some(Patience::TooLong)
        });
        let what = format!("it to give up within {}", in_ms(most));
        match waited {
            Ok(Patience::Ended) => Ok(handshake.at_most(Instant::now())),
            Ok(Patience::TooLong) => Err(self.fails(&what, "it was still trying to connect then")),
            Err(ended) => {
                let expected = Expected::Fact { what };
                let actual = Actual::Other {
                    what: "it did not end".into(),
                };
                Err(self.stage.fail(None, expected, actual, ended.into()))
            }
        }
    }

    /// Whether a socket of this program's has sent a SYN to `address` and has no answer; `None` where
    /// that cannot be seen.
    fn is_connecting(&self, address: SocketAddr) -> Option<bool> {
        let rows = self.stage.diag.as_ref()?.tcp().ok()?;
        let mut rows = rows.iter();
        Some(rows.any(|row| {
            row.state == State::SynSent && row.remote == Some(address) && self.owns(row)
        }))
    }

    /// How long its threads have waited for a processor so far.
    fn delay(&self) -> Duration {
        let members = self.process.members(&self.stage).unwrap_or_default();
        members.into_iter().map(queues::waited).sum()
    }
}

/// `1,040 ms`.
fn in_ms(time: Duration) -> String {
    let ms = usize::try_from(time.as_millis()).unwrap_or(usize::MAX);
    format!("{} ms", thousands(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Looks at these milliseconds, each 1 ms long, and whether they saw the handshake.
    fn looks(looks: &[(u32, bool)], delay: Duration) -> (Handshake, Instant) {
        let start = Instant::now();
        let mut handshake = Handshake::new(start);
        for &(at, under_way) in looks {
            let begin = start + MS * at;
            handshake.look(begin, begin + MS, under_way, delay * at);
        }
        (handshake, start)
    }

    #[test]
    fn what_was_seen_bounds_the_time_from_both_sides() {
        let seen = [(10, false), (20, true), (40, true), (60, true), (80, false)];
        let (handshake, start) = looks(&seen, Duration::ZERO);
        assert_eq!(handshake.at_least(Duration::ZERO), MS * (60 - 21));
        assert_eq!(handshake.at_most(start + MS * 500), MS * (81 - 10));
    }

    #[test]
    fn what_was_never_seen_lasted_no_longer_than_between_two_looks() {
        let (handshake, start) = looks(&[(10, false), (40, false), (50, false)], Duration::ZERO);
        assert_eq!(handshake.at_least(Duration::ZERO), Duration::ZERO);
        assert_eq!(handshake.at_most(start + MS * 500), MS * (41 - 10));
    }

    #[test]
    fn neither_a_wait_for_a_processor_nor_a_pause_of_our_own_counts() {
        let (handshake, _) = looks(&[(10, true), (31, true)], MS / 2);
        // 20 ms, of which it waited half for a processor, and 500 µs more.
        assert_eq!(handshake.at_least(MS * 31 / 2), MS * 19 / 2);
        let (handshake, _) = looks(&[(10, true), (5_000, true)], Duration::ZERO);
        assert_eq!(handshake.at_least(Duration::ZERO), LONGEST_STEP);
    }
}
