//! How long a program lets a client be idle: expectations about time, judged by the harness's clock.
//!
//! A connection that ended too early did so for certain: the harness counts from before the client
//! acted, and to the latest moment at which the end can have come. Where all that is certain is that
//! it cannot be told, since the harness itself was put off, the answer is [`Clarity::Unclear`], and
//! the same is [measured again](clearly). A connection that is open too long has been given all the
//! time in which the program could not run.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use super::TcpPeer;
use super::times::Moment;
use crate::clock;
use crate::delay::Delay;
use crate::failure::{Actual, DecidedBy, Expected, GraderError, Stopped, Verdict};
use crate::stage::Ended;
use crate::transcript::What;

/// Whether a measurement says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Clarity {
    /// It does.
    Clear,
    /// The harness was put off in the middle of it.
    Unclear,
}

/// Measures again, for as long as it cannot be told what the measurement says.
pub fn clearly(mut measurement: impl FnMut() -> Verdict<Clarity>) -> Verdict {
    const TRIES: usize = 20;
    for _ in 0..TRIES {
        if measurement()? == Clarity::Clear {
            return Ok(());
        }
    }
    Err(GraderError::Unmeasurable { tries: TRIES }.into())
}

/// A time that a program grants a client, as it runs.
#[derive(Debug)]
pub struct TimeLimit {
    since: Moment,
    event: String,
    idle: Duration,
    span: RangeInclusive<Duration>,
    delay: Delay,
    /// The longest that the harness itself was put off meanwhile.
    overslept: Duration,
}

impl TimeLimit {
    /// When it began to run.
    pub fn since(&self) -> Moment {
        self.since
    }

    fn least(&self) -> Duration {
        *self.span.start()
    }

    fn most(&self) -> Duration {
        *self.span.end()
    }

    fn expected(&self) -> Expected {
        Expected::EndInTime {
            event: self.event.clone(),
            idle_ms: millis(self.idle),
            most_ms: millis(self.most()),
        }
    }
}

impl TcpPeer {
    /// When the connection was made.
    pub fn made(&self) -> Moment {
        self.times().made()
    }

    /// When the program ended the connection, if it has: as early as can be known, since the kernel
    /// remembers when the last segment came.
    pub fn ended(&self) -> Option<Moment> {
        let ended = self.times().ended()?;
        if !self.has_ended_in_order() {
            // The segment that reset it is not remembered.
            return Some(ended);
        }
        let (asked, ago) = Moment::of(|| self.last_segment_ago());
        Some(ago.map_or(ended, |ago| ended.narrowed(asked, ago)))
    }

    fn last_segment_ago(&self) -> Option<Duration> {
        let rows = self.stage().diag.as_ref()?.tcp().ok()?;
        let (local, remote) = (self.local()?, self.remote());
        let own = rows
            .iter()
            .find(|row| row.local == local && row.remote == Some(remote));
        own?.last_segment_ago
    }

    /// A time limit that runs from `since`, at `event` ("it was made"): the connection may be idle for
    /// `idle`, and its end is expected within `span`.
    pub fn time_limit(
        &self,
        since: Moment,
        event: &str,
        idle: Duration,
        span: RangeInclusive<Duration>,
    ) -> TimeLimit {
        TimeLimit {
            since,
            event: event.to_owned(),
            idle,
            span,
            delay: Delay::begin(self.stage()),
            overslept: Duration::ZERO,
        }
    }

    /// Expects that the program ends the connection when `limit` says, in whatever way, and sends
    /// nothing before.
    pub fn expect_end_in_time(&mut self, limit: &mut TimeLimit) -> Verdict<Clarity> {
        let waited = {
            let peer = &*self;
            let goal = || (peer.has_ended() || peer.has_more()).then_some(());
            peer.stage()
                .wait_by_the_clock(|overslept| peer.time_left(limit, overslept), goal)
        };
        match waited {
            Ok(()) => self.ended_in_time(limit),
            Err(ended) => Err(self.is_still_open(limit, ended)),
        }
    }

    /// The same, while this peer sends `piece` again and again, with a `pause` between.
    pub fn trickle_until_end(
        &mut self,
        limit: &mut TimeLimit,
        piece: &[u8],
        pause: Duration,
    ) -> Verdict<Clarity> {
        let mut sent = Instant::now();
        self.offer(piece);
        let text = format!("goes on with the same, every {} ms", pause.as_millis());
        let transcript = &self.stage().transcript;
        transcript.add(self.name(), What::Note { text });
        loop {
            self.let_pass(pause);
            if self.has_ended() || self.has_more() {
                return self.ended_in_time(limit);
            }
            let overslept = sent.elapsed().saturating_sub(pause);
            if self.time_left(limit, overslept).is_none() {
                return Err(self.is_still_open(limit, Ended::Deadline));
            }
            let now = Instant::now();
            self.hand_over(piece);
            // A program that waits for the next piece has to get it.
            if sent.elapsed() > limit.idle / 2 {
                return Ok(Clarity::Unclear);
            }
            sent = now;
        }
    }

    /// Expects that the program has not ended the connection while `limit` still ran.
    pub fn expect_open_in_time(&mut self, limit: &mut TimeLimit) -> Verdict<Clarity> {
        match self.has_ended() {
            true => self.ended_in_time(limit).map(|_| Clarity::Unclear),
            false => Ok(Clarity::Clear),
        }
    }

    /// Expects that exactly `bytes` come next; `false` if the connection ends before that.
    pub fn expect_unless_ended(&mut self, bytes: &[u8]) -> Verdict<bool> {
        let come = |peer: &Self| peer.inbox_len() >= bytes.len();
        let peer = &*self;
        let differs = || peer.has_more() && !peer.left().agrees_at(0, bytes);
        let goal = || (come(peer) || differs() || peer.has_ended()).then_some(());
        // Where nothing comes, the expectation says so.
        let _ = peer.stage().wait(clock::STEP, goal);
        if self.has_ended() && !self.has_more() {
            return Ok(false);
        }
        self.expect(bytes).map(|()| true)
    }

    /// How much of the most that the program may take is left; none when it is over.
    fn time_left(&self, limit: &mut TimeLimit, overslept: Duration) -> Option<Duration> {
        limit.overslept = limit.overslept.max(overslept);
        let passed = limit.since.not_after.elapsed();
        let most = limit.most() + limit.overslept;
        if let Some(left) = most.checked_sub(passed).filter(|left| !left.is_zero()) {
            return Some(left);
        }
        let most = most + limit.delay.so_far(self.stage());
        if let Some(left) = most.checked_sub(passed).filter(|left| !left.is_zero()) {
            return Some(left);
        }
        const SOON: Duration = Duration::from_millis(5);
        limit.delay.is_starved(self.stage()).then_some(SOON)
    }

    /// Judges an end that has come.
    fn ended_in_time(&self, limit: &mut TimeLimit) -> Verdict<Clarity> {
        if self.has_more() {
            return Err(self.fails_with_more());
        }
        let Some(ended) = self.ended() else {
            return Ok(Clarity::Unclear);
        };
        let (least, most) = ended.since(&limit.since);
        if most < limit.least() {
            let actual = Actual::EndedAfter {
                ms: millis(most),
                reset: !self.has_ended_in_order(),
            };
            return Err(self.fail(limit.expected(), actual, DecidedBy::Observation));
        }
        let granted = limit.most() + limit.overslept + limit.delay.so_far(self.stage());
        if least > granted {
            let actual = Actual::EndedAfter {
                ms: millis(least),
                reset: !self.has_ended_in_order(),
            };
            return Err(self.fail(limit.expected(), actual, DecidedBy::Clock));
        }
        Ok(if least < limit.least() {
            Clarity::Unclear
        } else {
            Clarity::Clear
        })
    }

    fn is_still_open(&self, limit: &TimeLimit, ended: Ended) -> Stopped {
        let decided_by = match ended {
            Ended::Deadline => DecidedBy::Clock,
            certain => certain.into(),
        };
        let passed = Instant::now().saturating_duration_since(limit.since.not_after);
        let actual = Actual::StillOpen { ms: millis(passed) };
        self.fail(limit.expected(), actual, decided_by)
    }

    fn fails_with_more(&self) -> Stopped {
        let extra = self.left();
        let actual = Actual::TooMuch { extra };
        self.fail(Expected::Silence, actual, DecidedBy::Observation)
    }

    /// Whether something has come that nobody has taken.
    fn has_more(&self) -> bool {
        self.inbox_len() > 0
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
