//! What is done where a measurement says nothing: on a busy machine it may not be known when something
//! happened, or whose fault it was. Then the same is measured again, from the start.

use crate::failure::{GraderError, Verdict};
use crate::run::Run;

/// Whether a measurement says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Clarity {
    /// It does.
    Clear,
    /// The harness was put off in the middle of it, or the program was.
    Unclear,
}

impl Clarity {
    /// Clear where both are.
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::Clear => other,
            Self::Unclear => Self::Unclear,
        }
    }
}

impl Run {
    /// Has this conversation again, from the start, for as long as it is unclear what it says; it is
    /// given the number of attempts before. A failure ends it. What is told of it in the end is only the
    /// last attempt, with the same random data as the first.
    pub fn clearly(
        &mut self,
        mut conversation: impl FnMut(&mut Self, usize) -> Verdict<Clarity>,
    ) -> Verdict {
        const TRIES: usize = 20;
        let random = self.random().clone();
        let before = self.stage().transcript.len();
        for attempt in 0..TRIES {
            if conversation(self, attempt)? == Clarity::Clear {
                return Ok(());
            }
            self.stage().transcript.forget_from(before);
            self.random().clone_from(&random);
        }
        Err(GraderError::Unmeasurable { tries: TRIES }.into())
    }
}
