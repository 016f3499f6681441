//! All checks of a lesson against one program.

use std::sync::LazyLock;

use anyhow::bail;
use harness::clock::Scale;
use harness::outcome::{CheckOutcome, Outcome};
use harness::{Lesson, Settings, Target, suite};

/// How slow this machine is. Processes are started to measure it: do that before the first check.
pub(crate) static SCALE: LazyLock<Scale> = LazyLock::new(Scale::measured);

/// Runs all checks; an error of the grader's is never a result.
pub(crate) fn outcomes(
    lesson: &'static Lesson,
    target: &Target,
    seed: u64,
) -> anyhow::Result<Vec<CheckOutcome>> {
    let mut settings = Settings::with_scale(*SCALE);
    settings.seed = seed;
    let checks: Vec<_> = lesson.checks.iter().collect();
    let outcomes = suite::run_all(lesson, &checks, target, &settings);
    for outcome in &outcomes {
        if let Outcome::GraderError(error) = &outcome.outcome {
            bail!("{}: grader error: {error}", outcome.name);
        }
    }
    Ok(outcomes)
}
