//! What a program keeps when its clients have left: descriptors and threads. A server that leaks them
//! runs into a limit of its process some day, and then serves nobody.

use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Stopped, Verdict};
use crate::program::Program;
use crate::resources::Resources;

/// One of the things of which a program should not have more and more.
#[derive(Clone, Copy, Debug)]
enum Kept {
    Descriptors,
    Threads,
}

impl Kept {
    fn of(self, resources: Resources) -> usize {
        match self {
            Self::Descriptors => resources.descriptors,
            Self::Threads => resources.threads,
        }
    }

    /// That there are `most`, and that there are `now`.
    fn too_many(self, most: usize, now: usize) -> (Expected, Actual) {
        match self {
            Self::Descriptors => (
                Expected::Descriptors { most },
                Actual::Descriptors { open: now },
            ),
            Self::Threads => (Expected::Threads { most }, Actual::Threads { alive: now }),
        }
    }

    fn unseen(self) -> Stopped {
        let which = match self {
            Self::Descriptors => "descriptors a program has open",
            Self::Threads => "threads a program has",
        };
        Stopped::Skipped(format!("this machine does not show which {which}"))
    }
}

impl Program {
    /// How many descriptors it has open when it has done all that it can do for now.
    pub fn descriptors_at_rest(&mut self) -> Verdict<usize> {
        self.at_rest(Kept::Descriptors)
    }

    /// Expects that it has at most so many descriptors open, now or after all that it still does.
    pub fn expect_descriptors(&mut self, most: usize) -> Verdict {
        self.expect_at_most(Kept::Descriptors, most)
    }

    /// Waits until it has at most so many descriptors open, or will not: a server that has seen that
    /// clients are gone. Not an expectation.
    pub fn wait_for_descriptors(&self, most: usize) {
        let few = || {
            let now = self.now(Kept::Descriptors);
            now.is_none_or(|now| now <= most).then_some(())
        };
        let _ = self.stage.wait_closely(clock::SILENCE, few);
    }

    /// How many threads it has, in all its processes, when it has done all that it can do for now.
    pub fn threads_at_rest(&mut self) -> Verdict<usize> {
        self.at_rest(Kept::Threads)
    }

    /// Expects that it has at most so many threads, now or after all that it still does.
    pub fn expect_threads(&mut self, most: usize) -> Verdict {
        self.expect_at_most(Kept::Threads, most)
    }

    fn at_rest(&mut self, kept: Kept) -> Verdict<usize> {
        self.settle();
        self.now(kept).ok_or_else(|| kept.unseen())
    }

    fn expect_at_most(&mut self, kept: Kept, most: usize) -> Verdict {
        let waited = self.stage.wait_closely(clock::STEP, || {
            let now = self.now(kept);
            now.is_none_or(|now| now <= most).then_some(())
        });
        let now = self.now(kept).ok_or_else(|| kept.unseen())?;
        if now <= most {
            return Ok(());
        }
        let decided_by = waited.err().map_or(DecidedBy::Observation, DecidedBy::from);
        let (expected, actual) = kept.too_many(most, now);
        Err(self.stage.fail(None, expected, actual, decided_by))
    }

    fn now(&self, kept: Kept) -> Option<usize> {
        self.resources().map(|resources| kept.of(resources))
    }
}
