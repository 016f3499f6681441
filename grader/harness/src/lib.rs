//! Runs a program, talks to it over real sockets, watches it in the kernel, and judges it.
//!
//! A [`Lesson`] has [`Check`]s. A check is a function over a [`Run`]: it starts the student's
//! program, opens peers to it, and says what it expects of them. What does not hold becomes a
//! [`Failure`]: what was expected, what came, and the kernel's view of the program at that moment.
//!
//! The way through the files: [`lesson`] is what a lesson writes; [`run`], [`program`] and [`peer`]
//! are what a check holds; [`stage`] is where all waiting happens; [`stall`] knows when waiting is
//! pointless; [`evidence`] and [`diagnosis`] explain; [`suite`] runs the checks side by side and
//! [`report`] prints what came of them. Where time is what a lesson is about: [`moment`] says when, as
//! far as is known, `delay` how long the machine held the program up, [`pace`] what both come to, and
//! `clarity` what is done in doubt. The harness knows nothing of any lesson.

#![deny(unsafe_code)]

pub mod arena;
mod at_rest;
pub mod by_hand;
pub mod capability;
pub mod cargo_test;
mod circles;
mod clarity;
pub mod clock;
mod closing;
mod delay;
mod descriptor_limit;
pub mod diagnosis;
pub mod due;
pub mod evidence;
pub mod failure;
pub mod filter;
pub mod folder;
mod full_pipe;
mod handshake;
mod idleness;
mod input;
pub mod interrupt;
pub mod kernel;
mod kinship;
pub mod large;
pub mod launch;
pub mod lesson;
pub mod likeness;
mod misprint;
pub mod moment;
mod multitude;
pub mod outcome;
pub mod output;
pub mod pace;
pub mod payload;
pub mod peer;
mod printed;
mod printed_bytes;
pub mod program;
pub mod progress;
pub mod random;
pub mod report;
pub mod resources;
pub mod run;
pub mod stage;
pub mod stall;
pub mod suite;
mod synced;
pub mod transcript;
mod unreachable;

pub use capability::Capability;
pub use clarity::Clarity;
pub use failure::{Failure, GraderError, Stopped, Verdict};
pub use filter::{Line, Translation};
pub use folder::{Entry, Folder};
pub use large::Large;
pub use lesson::{Check, Hints, Lesson, Needs, Role};
pub use moment::Moment;
pub use pace::{Kept, Pace};
pub use peer::{Crowd, Echo, FullListener, Listener, TcpPeer, TimeLimit, UdpPeer, UdpServer};
pub use program::Program;
pub use resources::Resources;
pub use run::{Run, Server};
pub use suite::{ADDRESS, Settings, Target};
