//! How long a program lets a client be idle: expectations about time, judged by the harness's clock.
//!
//! The harness counts from before the client acted to the latest moment at which the end can have come,
//! and from after it to the earliest: what holds both ways is certain. A connection that is open too long
//! has been given all the time in which the program could not run. What is not certain is
//! [`Clarity::Unclear`], and is measured again, see [`Run::clearly`](crate::Run::clearly).

use std::time::{Duration, Instant};

use super::TcpPeer;
use crate::clarity::Clarity;
use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Stopped, Verdict};
use crate::moment::Moment;
use crate::pace::{Kept, Pace};
use crate::stage::{Ended, Stage};
use crate::transcript::What;

/// A time that a program grants a client, as it runs.
#[derive(Debug)]
pub struct TimeLimit {
    since: Moment,
    event: String,
    idle: Duration,
    pace: Pace,
    /// The longest that the harness itself was put off meanwhile.
    overslept: Duration,
    /// Since when the program is waited for though its time is over, since it wants to run.
    starved_since: Option<Instant>,
}

impl TimeLimit {
    /// When it began to run.
    pub fn since(&self) -> Moment {
        self.since
    }

    fn expected(&self) -> Expected {
        Expected::EndInTime {
            event: self.event.clone(),
            idle_ms: millis(self.idle),
            most_ms: millis(self.pace.most),
        }
    }

    /// How long the machine has kept the program, or the harness, from running up to `then`.
    fn delay(&self, stage: &Stage, then: Instant) -> Duration {
        self.overslept + stage.held_up(self.since.not_before(), then)
    }

    /// How much of the most that the program may take is left; none when it is over.
    fn left(&mut self, stage: &Stage, overslept: Duration) -> Option<Duration> {
        /// A program that always wants to run, in several threads, keeps itself from running: so many
        /// times the most is enough for it.
        const ENOUGH: u32 = 10;
        const SOON: Duration = Duration::from_millis(5);
        self.overslept = self.overslept.max(overslept);
        let passed = self.since.not_after().elapsed();
        let left = |most: Duration| most.checked_sub(passed).filter(|left| !left.is_zero());
        if let Some(left) = left(self.pace.most) {
            return Some(left);
        }
        let granted = self.pace.most + self.delay(stage, Instant::now());
        if let Some(left) = left(granted.min(self.pace.most * ENOUGH)) {
            return Some(left);
        }
        self.is_starved(stage).then_some(SOON)
    }

    /// Whether the program wants to run just now: a wait for a processor is counted when it is over.
    /// One that always wants to run is not waited for.
    fn is_starved(&mut self, stage: &Stage) -> bool {
        if !stage.wants_to_run() {
            self.starved_since = None;
            return false;
        }
        let since = *self.starved_since.get_or_insert_with(Instant::now);
        since.elapsed() < stage.conditions.scale.apply(clock::SILENCE)
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
        /// How far the kernel's own clock for connections (jiffies) may be from the truth.
        const JIFFY: Duration = Duration::from_millis(10);
        let ended = self.times().ended()?;
        if !self.has_ended_in_order() {
            // The segment that reset it is not remembered.
            return Some(ended);
        }
        let (asked, ago) = Moment::of(|| self.last_segment_ago());
        Some(ago.map_or(ended, |ago| ended.narrowed(asked, ago, JIFFY)))
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
    /// `idle`, and its end is expected at this `pace`.
    pub fn time_limit(&self, since: Moment, event: &str, idle: Duration, pace: Pace) -> TimeLimit {
        self.stage().watch_delays();
        TimeLimit {
            since,
            event: event.to_owned(),
            idle,
            pace,
            overslept: Duration::ZERO,
            starved_since: None,
        }
    }

    /// Expects that the program ends the connection when `limit` says, in whatever way, and sends
    /// nothing before.
    pub fn expect_end_in_time(&mut self, limit: &mut TimeLimit) -> Verdict<Clarity> {
        let waited = {
            let peer = &*self;
            let goal = || (peer.has_ended() || peer.has_more()).then_some(());
            peer.stage()
                .wait_by_the_clock(|overslept| limit.left(peer.stage(), overslept), goal)
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
        // Before the first, which may be answered at once.
        let text = format!(
            "sends the same again and again, every {} ms",
            pause.as_millis()
        );
        let transcript = &self.stage().transcript;
        transcript.add(self.name(), What::Note { text });
        let mut sent = Instant::now();
        self.offer(piece);
        loop {
            self.let_pass(pause);
            if self.has_ended() || self.has_more() {
                let judged = self.ended_in_time(limit)?;
                return Ok(judged.and(self.was_sent_to_until_its_end(sent, limit.idle / 2)));
            }
            let overslept = sent.elapsed().saturating_sub(pause);
            if limit.left(self.stage(), overslept).is_none() {
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

    /// Whether the end came within `pause` of the last piece, which was sent after `sent`: an end that
    /// comes when nothing has come for long says nothing about what the pieces buy.
    fn was_sent_to_until_its_end(&self, sent: Instant, pause: Duration) -> Clarity {
        let waited = |ended: Moment| ended.not_after().saturating_duration_since(sent);
        if self.ended().is_some_and(|ended| waited(ended) <= pause) {
            Clarity::Clear
        } else {
            Clarity::Unclear
        }
    }

    /// Expects that the program has not ended the connection while `limit` still ran.
    pub fn expect_open_in_time(&mut self, limit: &mut TimeLimit) -> Verdict<Clarity> {
        if self.has_ended() {
            self.ended_in_time(limit).map(|_| Clarity::Unclear)
        } else {
            Ok(Clarity::Clear)
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

    /// Whether the program had time enough for what was `sent` before it ended the connection: half of
    /// the time that it grants, and all the time in which it could not run. Who had not is not to blame
    /// that nothing came back.
    pub fn ended_long_after(&self, sent: Moment, limit: &TimeLimit) -> bool {
        self.ended().is_some_and(|ended| {
            let delay = limit.delay(self.stage(), ended.not_after());
            sent.until(ended).least > limit.idle / 2 + delay
        })
    }

    /// Judges an end that has come.
    fn ended_in_time(&self, limit: &TimeLimit) -> Verdict<Clarity> {
        if self.has_more() {
            return Err(self.fails_with_more());
        }
        let Some(ended) = self.ended() else {
            return Ok(Clarity::Unclear);
        };
        let gap = limit.since.until(ended);
        let delay = limit.delay(self.stage(), ended.not_after());
        // Nothing makes a program early: its time begins when it hears of the client, or later.
        let (ms, decided_by) = match limit.pace.judge(gap, Duration::ZERO, delay) {
            Kept::InTime => return Ok(Clarity::Clear),
            Kept::Unclear => return Ok(Clarity::Unclear),
            Kept::TooShort => (millis(gap.most), DecidedBy::Observation),
            Kept::TooLong => (millis(gap.least), DecidedBy::Clock),
        };
        let reset = !self.has_ended_in_order();
        let actual = Actual::EndedAfter { ms, reset };
        Err(self.fail(limit.expected(), actual, decided_by))
    }

    fn is_still_open(&self, limit: &TimeLimit, ended: Ended) -> Stopped {
        let decided_by = match ended {
            Ended::Deadline => DecidedBy::Clock,
            certain => certain.into(),
        };
        let passed = Instant::now().saturating_duration_since(limit.since.not_after());
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
