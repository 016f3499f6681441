//! The network between a program and a peer, with the faults that a network may have.
//!
//! On loopback a datagram is lost only where a buffer is full, and never overtaken. So that a check can
//! show what a real network does (RFC 768 promises neither delivery nor order nor that a datagram comes
//! once), each datagram socket of the grader's has a link: two ways, one from the program and one to it.
//! [`Faults`] say what becomes of each datagram, by a schedule or by chance from a seed; without them all
//! pass at once. What the link does is written to the transcript.
//!
//! A server that the grader plays, or a client of its, is given the faults of both ways:
//!
//! ```no_run
//! # use std::time::Duration;
//! # use harness::peer::link::{Fault, Faults, Rates};
//! # fn check(run: &mut harness::Run) -> harness::Verdict {
//! let mut alice = run.datagram_server("alice")?;
//! let late = Fault::Late(Duration::from_millis(50));
//! let questions = Faults::schedule([(1, Fault::Lost), (3, late)]);
//! let answers = Faults::by_chance(4711, Rates { lost: 10, doubled: 5, ..Rates::default() });
//! alice.faults(questions, answers);
//! # Ok(())
//! # }
//! ```
//!
//! What the program sends is an [`Arrival`](super::Arrival) when it comes to the link, whatever becomes of
//! it then, and a [`Datagram`](super::Datagram) when the link has brought it. What is held back goes on
//! while the check waits for something; the stage knows when, and takes nobody for stalled before.
//!
//! | file | idea |
//! |---|---|
//! | `faults.rs` | which datagram meets which fault |
//! | `way.rs` | what becomes of it on one way; no sockets, no clock |
//! | `held.rs` | what is held back until its time |
//! | `../socket.rs` | the socket at the grader's end, and the link before it |

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
