//! How many descriptors a program has open: a server that forgets to close runs into the limit of its
//! process some day, and then accepts nobody.

use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Stopped, Verdict};
use crate::program::Program;

impl Program {
    /// How many descriptors it has open when it has done all that it can do for now.
    pub fn descriptors_at_rest(&mut self) -> Verdict<usize> {
        self.settle();
        self.open_descriptors().ok_or_else(unseen)
    }

    /// Expects that it has at most so many descriptors open, now or after all that it still does.
    pub fn expect_descriptors(&mut self, most: usize) -> Verdict {
        let waited = self.stage.wait_closely(clock::STEP, || {
            let open = self.open_descriptors();
            open.is_none_or(|open| open <= most).then_some(())
        });
        let open = self.open_descriptors().ok_or_else(unseen)?;
        if open <= most {
            return Ok(());
        }
        let decided_by = waited.err().map_or(DecidedBy::Observation, DecidedBy::from);
        let (expected, actual) = (Expected::Descriptors { most }, Actual::Descriptors { open });
        Err(self.stage.fail(None, expected, actual, decided_by))
    }

    fn open_descriptors(&self) -> Option<usize> {
        self.resources().map(|resources| resources.descriptors)
    }
}

fn unseen() -> Stopped {
    Stopped::Skipped("this machine does not show which descriptors a program has open".into())
}
