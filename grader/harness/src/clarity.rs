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
        const TRIES: usize = 40;
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::arena::Arena;
    use crate::clock::Scale;
    use crate::failure::Stopped;
    use crate::launch::Direct;
    use crate::random::Random;
    use crate::stage::Conditions;
    use crate::suite::Target;

    fn a_run() -> Run {
        let conditions = Conditions {
            launcher: Arc::new(Direct),
            scale: Scale::default(),
            stalls: true,
        };
        let target = Target::command(vec!["true".into()]);
        let arena = Arena::Host("a test".into());
        Run::new(arena, conditions, target, Random::new(4711, "a test"))
    }

    #[test]
    fn what_is_unclear_is_had_again_with_the_same_data_and_told_once() {
        let mut run = a_run();
        let mut words = Vec::new();
        let verdict = run.clearly(|run, attempt| {
            words.push(run.random().word());
            run.note("one more");
            Ok(if attempt < 2 {
                Clarity::Unclear
            } else {
                Clarity::Clear
            })
        });
        assert!(verdict.is_ok());
        assert_eq!(words, vec![words[0].clone(); 3]);
        assert_eq!(run.stage().transcript.len(), 1);
    }

    #[test]
    fn what_never_becomes_clear_is_no_fault_of_the_programs() {
        let verdict = a_run().clearly(|_, _| Ok(Clarity::Unclear));
        let unmeasurable = |stopped| {
            matches!(
                stopped,
                Stopped::Error(GraderError::Unmeasurable { tries: 40 })
            )
        };
        assert!(verdict.is_err_and(unmeasurable));
    }

    #[test]
    fn one_doubt_is_enough() {
        assert_eq!(Clarity::Clear.and(Clarity::Clear), Clarity::Clear);
        assert_eq!(Clarity::Clear.and(Clarity::Unclear), Clarity::Unclear);
        assert_eq!(Clarity::Unclear.and(Clarity::Clear), Clarity::Unclear);
    }
}
