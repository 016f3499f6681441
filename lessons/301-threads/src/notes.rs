//! What a failure means where many clients are served at a time.

use harness::diagnosis::{Case, Diagnosis};

/// What must not come after input that ended in the middle of a line.
pub(crate) const AFTER_HALF_A_LINE: &str = "nothing more after half a line";

/// All that this lesson knows about failures.
pub(crate) fn rule(_case: &Case<'_>) -> Option<Diagnosis> {
    None
}
