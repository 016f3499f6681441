//! Descriptors that were opened and never closed.

use super::{Case, Diagnosis};
use crate::failure::{Actual, Expected};
use crate::payload::plural;

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Descriptors { most }, Actual::Descriptors { open }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let sockets = &case.evidence().sockets;
    let over = sockets.iter().filter(|socket| socket.over).count();
    let kept = if over > 0 {
        " shutdown ends the conversation and leaves the descriptor open; close does both."
    } else {
        ""
    };
    Some(Diagnosis::new(
        "leaks-descriptors",
        format!(
            "Its clients have left, and your program has {more} open more than before they came. Each connection that accept gives out is a descriptor until it is \
             closed, and a process may have only so many (ulimit -n): then accept fails with \
             EMFILE.{kept} In Rust a descriptor is closed when the value that owns it goes out of scope. \
             What keeps it is a list, a copy (try_clone, dup), into_raw_fd or forget.",
            more = plural(open - most, "descriptor"),
        ),
    ))
}
