//! How long a program was held up by the machine: it could have run, and no processor was free.
//!
//! The kernel counts for each thread how long it stood in a run queue (`/proc/PID/schedstat`, see
//! `Documentation/scheduler/sched-stats.rst`). A program that acts late by no more than that is not to
//! blame. What another virtual machine took away (steal time, `man 5 proc_stat`) is added.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Duration;

use rustix::event::PollFlags;

use crate::kernel::delay;
use crate::program::{Process, Program};
use crate::stage::{Source, Stage};
use crate::transcript::Transcript;

/// Watches how long a program is held up, from the moment it is asked for.
pub struct Delays(Rc<Watch>);

impl Delays {
    /// How long its threads have been held up, all together, since the program started; none where the
    /// system does not tell. Of two times the later is never less.
    pub fn so_far(&self) -> Option<Duration> {
        self.0.look();
        self.0.is_known.get().then(|| {
            let waited: Duration = self.0.waited.borrow().values().sum();
            waited + delay::stolen().saturating_sub(self.0.stolen_before)
        })
    }
}

/// As the stage sees it: it looks often, since a thread takes its numbers with it when it ends.
struct Watch {
    process: Rc<Process>,
    waited: RefCell<HashMap<(i32, i32), Duration>>,
    stolen_before: Duration,
    is_known: Cell<bool>,
}

impl Watch {
    fn look(&self) {
        let Some(found) = delay::of_threads(self.process.pid()) else {
            // A program that has ended has no numbers any more; what it had is kept.
            return;
        };
        self.is_known.set(true);
        self.waited.borrow_mut().extend(found);
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
            stolen_before: delay::stolen(),
            is_known: Cell::new(false),
        });
        watch.look();
        self.stage.add(&(Rc::clone(&watch) as Rc<dyn Source>));
        Delays(watch)
    }
}
