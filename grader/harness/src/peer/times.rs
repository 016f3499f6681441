//! When a connection was made, and when it ended.

use std::cell::Cell;
use std::time::Instant;

use crate::moment::Moment;

/// When a connection was made, and when it ended.
#[derive(Debug)]
pub(super) struct Times {
    made: Cell<Moment>,
    /// When the connection was last seen not to have ended.
    open: Cell<Instant>,
    ended: Cell<Option<Moment>>,
}

impl Times {
    pub(super) fn new() -> Self {
        Self {
            made: Cell::new(Moment::now()),
            open: Cell::new(Instant::now()),
            ended: Cell::new(None),
        }
    }

    /// The connection was made meanwhile.
    pub(super) fn was_made(&self, moment: Moment) {
        self.made.set(moment);
    }

    pub(super) fn made(&self) -> Moment {
        self.made.get()
    }

    /// Whoever looked at `then` has not found an end.
    pub(super) fn was_open_at(&self, then: Instant) {
        self.open.set(then);
    }

    /// The end has just been seen.
    pub(super) fn has_ended(&self) {
        if self.ended.get().is_none() {
            let ended = Moment::between(self.open.get(), Instant::now());
            self.ended.set(Some(ended));
        }
    }

    pub(super) fn ended(&self) -> Option<Moment> {
        self.ended.get()
    }
}
