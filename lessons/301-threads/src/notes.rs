//! What a failure means where many clients are served at a time.

mod lines;
mod numbers;
mod panics;
mod waiting;

use harness::diagnosis::{Case, Diagnosis};

pub(crate) use lines::{
    A_BYTE_A_SEGMENT, AFTER_HALF_A_LINE, CR_LF, EMPTY, LONG, NO_TEXT, TOGETHER, WHITE_SPACE,
};

/// All that this lesson knows about failures.
pub(crate) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    // A program that has ended is the general table's.
    if case.evidence().exit.is_some() {
        return None;
    }
    panics::rule(case)
        .or_else(|| numbers::rule(case))
        .or_else(|| waiting::rule(case))
        .or_else(|| lines::rule(case))
}
