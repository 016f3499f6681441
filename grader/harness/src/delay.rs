//! How long the machine has kept a program from running: what a lesson about time must not lay at the
//! program's door.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::clock;
use crate::kernel::process;
use crate::stage::Stage;

/// A program's waits for a processor, from one moment on.
#[derive(Debug)]
pub(crate) struct Delay {
    /// For each thread how long it had waited before, and how long since.
    threads: HashMap<i32, (Duration, Duration)>,
    /// Since when the program is waited for though its time is over, since it has no processor.
    starved_since: Option<Instant>,
}

impl Delay {
    pub(crate) fn begin(stage: &Stage) -> Self {
        let threads = queues(stage).into_iter();
        Self {
            threads: threads.map(|q| (q.tid, (q.waited, q.waited))).collect(),
            starved_since: None,
        }
    }

    /// How long it could not run, at the most of any of its threads: several that wait at the same
    /// time wait no longer than one. A thread that has come since has waited from its start.
    pub(crate) fn so_far(&mut self, stage: &Stage) -> Duration {
        for queue in queues(stage) {
            let first = (Duration::ZERO, Duration::ZERO);
            self.threads.entry(queue.tid).or_insert(first).1 = queue.waited;
        }
        let waits = self.threads.values();
        let longest = waits.map(|(before, now)| now.saturating_sub(*before)).max();
        longest.unwrap_or_default()
    }

    /// Whether one of its threads wants to run just now: the kernel counts a wait for a processor only
    /// when it is over. One that always wants to run is not waited for.
    pub(crate) fn is_starved(&mut self, stage: &Stage) -> bool {
        if !queues(stage).iter().any(|queue| queue.wants_to_run) {
            self.starved_since = None;
            return false;
        }
        let since = *self.starved_since.get_or_insert_with(Instant::now);
        since.elapsed() < stage.conditions.scale.apply(clock::SILENCE)
    }
}

fn queues(stage: &Stage) -> Vec<process::Queue> {
    let mut queues = Vec::new();
    for program in stage.processes() {
        // A program that cannot be looked into is granted no delay beyond the lesson's own.
        for pid in program.members(stage).unwrap_or_default() {
            queues.extend(process::queues(pid));
        }
    }
    queues
}
