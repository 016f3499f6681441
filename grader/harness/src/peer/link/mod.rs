//! The network between a program and a peer, with the faults that a network may have.
//!
//! On loopback a datagram is lost only where a buffer is full, and never overtaken. So that a check can
//! show what a real network does (RFC 768 promises neither delivery nor order nor that a datagram comes
//! once), each datagram socket of the grader's has a link: two ways, one from the program and one to it.
//! [`Faults`] say what becomes of each datagram; without them all pass at once. What the link does is
//! written to the transcript.

mod faults;
mod held;
mod way;

use std::net::SocketAddr;
use std::time::Instant;

pub use faults::{Fault, Faults, Rates};
pub(super) use held::Held;
pub(super) use way::Way;

/// A datagram on its way, and whose it is: its sender's address on the way from the program, its
/// receiver's on the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parcel {
    pub(super) bytes: Vec<u8>,
    pub(super) address: SocketAddr,
}

/// Both ways.
#[derive(Debug, Default)]
pub(super) struct Link {
    pub(super) from_program: Way<Parcel>,
    pub(super) to_program: Way<Parcel>,
}

impl Link {
    /// When something that is held back now goes on.
    pub(super) fn due(&self) -> Option<Instant> {
        let both = [self.from_program.due(), self.to_program.due()];
        both.into_iter().flatten().min()
    }
}
