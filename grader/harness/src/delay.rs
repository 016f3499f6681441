//! How long a program was held up by the machine: it could have run, and no processor was free.
//!
//! The kernel counts for each thread how long it stood in a run queue (`/proc/PID/schedstat`, see
//! `Documentation/scheduler/sched-stats.rst`). A program that acts late by no more than that is not to
//! blame. What another virtual machine took away (steal time, `man 5 proc_stat`) is added.

use std::cell::RefCell;
use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;

use crate::kernel::delay;
use crate::moment::Moment;
use crate::pace::{Kept, Pace};
use crate::program::{Process, Program};
use crate::stage::{Source, Stage};
use crate::transcript::Transcript;

/// Watches how long a program is held up, from the moment it is asked for.
pub struct Delays(Rc<Watch>);

impl Delays {
    /// Whether the program kept to `pace` from one moment to another.
    pub fn judge(&self, pace: Pace, since: Moment, until: Moment) -> Kept {
        self.0.look();
        let start = since.not_before();
        let before = self.0.held_up(
            start.checked_sub(pace.least).unwrap_or(start),
            since.not_after(),
        );
        let after = self.0.held_up(start + pace.least, until.not_after());
        pace.judge(since.until(until), before, after)
    }
}

/// As the stage sees it: it looks often, since a thread takes its numbers with it when it ends.
struct Watch {
    process: Rc<Process>,
    /// Of each thread, how long it has waited for a processor.
    waited: RefCell<HashMap<(i32, i32), Duration>>,
    /// The sum of that, and of what was stolen, at each look.
    sums: RefCell<Vec<(Instant, Duration)>>,
    stolen_before: Duration,
}

impl Watch {
    fn look(&self) {
        let looked = Instant::now();
        let Some(found) = delay::of_threads(self.process.pid()) else {
            // A program that has ended has no numbers any more; what it had is kept.
            return;
        };
        let mut waited = self.waited.borrow_mut();
        waited.extend(found);
        let sum = waited.values().sum::<Duration>() + delay::stolen();
        self.sums.borrow_mut().push((looked, sum));
    }

    /// How long it was held up between two instants: all waits for a processor that ended then, and
    /// perhaps some that ended shortly before or after. None where the system does not tell.
    fn held_up(&self, from: Instant, to: Instant) -> Option<Duration> {
        let sums = self.sums.borrow();
        let (_, last) = *sums.last()?;
        let until = sums.iter().find(|(at, _)| *at >= to);
        let until = until.map_or(last, |(_, sum)| *sum);
        let since = sums.iter().rev().find(|(at, _)| *at <= from);
        // What was before the first look is not known: it counts.
        let since = since.map_or(self.stolen_before, |(_, sum)| *sum);
        Some(until.saturating_sub(since))
    }
}

impl Source for Watch {
    fn interest(&self) -> Option<(Rc<OwnedFd>, PollFlags)> {
        None
    }

    fn advance(&self, _transcript: &Transcript) -> bool {
        self.look();
        false
    }
}

impl Process {
    /// Whether none of its threads runs, or could; true where the system does not tell.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_asleep(&self, stage: &Stage) -> bool {
        let members = self.members(stage).unwrap_or_default();
        let threads = crate::kernel::process::threads(&members);
        threads.iter().all(|thread| thread.state != 'R')
    }

    /// Whether none of its threads runs, or could; true where the system does not tell.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn is_asleep(&self, _stage: &Stage) -> bool {
        true
    }
}

impl Program {
    /// Watches from now on how long the machine holds it up.
    pub fn watch_delays(&mut self) -> Delays {
        let watch = Rc::new(Watch {
            process: Rc::clone(&self.process),
            waited: RefCell::default(),
            sums: RefCell::default(),
            stolen_before: delay::stolen(),
        });
        watch.look();
        self.stage.add(&(Rc::clone(&watch) as Rc<dyn Source>));
        Delays(watch)
    }
}
