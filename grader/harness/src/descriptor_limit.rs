//! How many descriptors a process may have open: 1024 by default on Linux, 256 on macOS. Checks with
//! hundreds of clients run side by side in one process, which may therefore have as many as the system
//! lets it. The programs under test keep the limit with which the harness itself was started.

use std::sync::OnceLock;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The limit with which this process was started.
static BEFORE: OnceLock<Rlimit> = OnceLock::new();

/// Lifts the soft limit to the hard one (`man 2 getrlimit`). Where that is refused the old limit
/// stays, and the socket that finds no room tells.
pub(crate) fn lift() {
    BEFORE.get_or_init(|| {
        let before = getrlimit(Resource::Nofile);
        let lifted = Rlimit {
            current: before.maximum,
            maximum: before.maximum,
        };
        let _ = setrlimit(Resource::Nofile, lifted);
        before
    });
}

/// The limit that a program is to be given back, if this process has lifted its own.
pub(crate) fn of_programs() -> Option<Rlimit> {
    BEFORE.get().copied()
}
