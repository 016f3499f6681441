//! How long the machine held a program up: it could have run, and no processor was free.
//!
//! The kernel counts for each thread how long it stood in the queue for a processor
//! ([`crate::kernel::queues`]). A program that acts late by no more than that is not to blame; so for
//! what other virtual machines took away. A thread takes its numbers with it when it ends, so they are
//! looked at often, and just before a program that has ended is let go.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::kernel::queues;
use crate::moment::Moment;
use crate::pace::{Kept, Pace};
use crate::program::{Process, Program};
use crate::stage::Stage;

/// How long one program was held up, since it is watched.
#[derive(Debug, Default)]
pub(crate) struct Delays {
    is_watched: Cell<bool>,
    /// What other virtual machines had taken away before.
    stolen_before: Cell<Duration>,
    /// Of each thread, how long it has waited for a processor.
    waited: RefCell<HashMap<(i32, i32), Duration>>,
    looks: RefCell<Vec<Look>>,
}

/// What a look has shown. It takes a while, too.
#[derive(Clone, Copy, Debug)]
struct Look {
    begin: Instant,
    end: Instant,
    /// How long all threads had waited, and how much time was stolen.
    sum: Duration,
}

impl Delays {
    /// Takes in what the queues of these processes say.
    fn look(&self, pids: &[i32]) {
        let begin = Instant::now();
        let mut waited = self.waited.borrow_mut();
        for &pid in pids {
            let queues = queues::queues(pid).into_iter();
            waited.extend(queues.map(|queue| ((pid, queue.tid), queue.waited)));
        }
        let stolen = queues::stolen().saturating_sub(self.stolen_before.get());
        let sum = waited.values().sum::<Duration>() + stolen;
        let end = Instant::now();
        self.looks.borrow_mut().push(Look { begin, end, sum });
    }

    /// When it was looked at last.
    fn last_look(&self) -> Option<Instant> {
        self.looks.borrow().last().map(|look| look.end)
    }

    /// How long it was held up between two instants: all waits for a processor that ended then, and
    /// perhaps some that ended shortly before or after.
    fn between(&self, from: Instant, to: Instant) -> Duration {
        let looks = self.looks.borrow();
        let since = looks.iter().rev().find(|look| look.end <= from);
        let until = looks.iter().find(|look| look.begin >= to);
        // What was before the first look counts.
        let since = since.map_or(Duration::ZERO, |look| look.sum);
        let until = until
            .or(looks.last())
            .map_or(Duration::ZERO, |look| look.sum);
        until.saturating_sub(since)
    }
}

impl Process {
    /// From now on it is known how long the machine holds it up.
    fn watch_delays(&self, stage: &Stage) {
        if !self.delays.is_watched.replace(true) {
            self.delays.stolen_before.set(queues::stolen());
            self.look_at_delays(stage);
        }
    }

    /// Keeps count of its delays, where that was asked.
    pub(crate) fn look_at_delays_if_watched(&self, stage: &Stage) {
        const OFTEN: Duration = Duration::from_millis(4);
        let last = self.delays.last_look();
        let is_recent = last.is_some_and(|at| at.elapsed() < OFTEN);
        if self.delays.is_watched.get() && !is_recent {
            self.look_at_delays(stage);
        }
    }

    /// The same, where it has ended and waits to be let go: its last numbers.
    pub(crate) fn look_at_last_delays(&self) {
        let Some(pid) = Pid::from_raw(self.pid()).filter(|_| self.delays.is_watched.get()) else {
            return;
        };
        let looks = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        if matches!(waitid(WaitId::Pid(pid), looks), Ok(Some(_))) {
            self.delays.look(&[self.pid()]);
        }
    }

    fn look_at_delays(&self, stage: &Stage) {
        if self.exit().is_none() {
            self.delays.look(&self.members(stage).unwrap_or_default());
        }
    }

    /// Whether one of its threads runs, or could if a processor were free; false where the system does
    /// not tell.
    pub(crate) fn wants_to_run(&self, stage: &Stage) -> bool {
        let members = self.members(stage).unwrap_or_default();
        let mut queues = members.into_iter().flat_map(queues::queues);
        queues.any(|queue| queue.wants_to_run)
    }
}

impl Program {
    /// From now on it is known how long the machine holds it up; for right after its start.
    pub fn watch_delays(&mut self) {
        self.process.watch_delays(&self.stage);
    }

    /// How long the machine held it up around this moment, at the most: from `before` to `after`.
    pub fn held_up(&self, moment: Moment, before: Duration, after: Duration) -> Duration {
        let begin = moment.not_before();
        let since = begin.checked_sub(before).unwrap_or(begin);
        self.stage.held_up(since, moment.not_after() + after)
    }

    /// Whether what it did from `since` to `until` lasted as long as it should. Who looks at the clock,
    /// is put off, and then acts, counts from before: delays just before `since` count, too.
    pub fn keeps(&self, pace: Pace, since: Moment, until: Moment) -> Kept {
        let begin = since.not_before();
        let earlier = begin.checked_sub(pace.least).unwrap_or(begin);
        let before = self.stage.held_up(earlier, since.not_after());
        let after = self.stage.held_up(begin, until.not_after());
        pace.judge(since.until(until), before, after)
    }
}

impl Stage {
    /// From now on it is known how long the machine holds its programs up.
    pub(crate) fn watch_delays(&self) {
        for process in self.processes() {
            process.watch_delays(self);
        }
    }

    /// How long its programs were held up between two instants, at the most: all waits for a processor
    /// that ended then. Half of the time where the system does not tell.
    pub(crate) fn held_up(&self, from: Instant, to: Instant) -> Duration {
        if !queues::are_counted() {
            return to.saturating_duration_since(from) / 2;
        }
        let mut delay = Duration::ZERO;
        for process in self.processes() {
            process.look_at_delays(self);
            delay += process.delays.between(from, to);
        }
        // Several threads that wait at the same time wait no longer than one.
        delay.min(to.saturating_duration_since(from))
    }

    /// Whether a program wants to run just now: the kernel counts a wait for a processor only when it
    /// is over.
    pub(crate) fn wants_to_run(&self) -> bool {
        let processes = self.processes();
        processes.iter().any(|process| process.wants_to_run(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Looks of a millisecond each, with what had been waited by then.
    fn looks(start: Instant, looks: &[(u32, u32)]) -> Delays {
        let delays = Delays::default();
        for &(at, waited) in looks {
            let begin = start + at * MS;
            let end = begin + MS;
            let sum = waited * MS;
            delays.looks.borrow_mut().push(Look { begin, end, sum });
        }
        delays
    }

    #[test]
    fn a_delay_counts_where_it_may_have_ended() {
        let start = Instant::now();
        let delays = looks(start, &[(0, 5), (10, 5), (20, 12), (30, 12)]);
        let between = |from: u32, to: u32| delays.between(start + from * MS, start + to * MS);
        // It ended between the looks at 10 and at 20, each of which took a millisecond.
        assert_eq!(between(1, 9), Duration::ZERO);
        assert_eq!(between(1, 11), 7 * MS);
        assert_eq!(between(15, 16), 7 * MS);
        assert_eq!(between(21, 30), Duration::ZERO);
        assert_eq!(between(20, 30), 7 * MS);
    }

    #[test]
    fn what_was_before_the_first_look_counts_and_the_last_look_stands_for_what_comes() {
        let start = Instant::now();
        let delays = looks(start + 10 * MS, &[(0, 5), (10, 9)]);
        assert_eq!(delays.between(start, start + 10 * MS), 5 * MS);
        assert_eq!(delays.between(start, start + 100 * MS), 9 * MS);
        assert_eq!(Delays::default().between(start, start + MS), Duration::ZERO);
    }
}
