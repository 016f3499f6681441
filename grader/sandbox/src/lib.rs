//! The box: runs programs that nobody trusts. Linux; elsewhere there is none.
//!
//! Four processes stand in a row, each the parent of the next:
//!
//! - the **grader**, which asks for a box ([`Spec`], [`prepare`]) and holds one end of a [`Link`];
//! - the **keeper** ([`keeper`]), our own executable once more, with one thread: it makes the
//!   namespaces, watches over the limits, and ends everything when the grader is gone;
//! - the **init**, process 1 of the box's process namespace: it builds the box's file system, takes
//!   over orphans and waits for them;
//! - the **program**, which gives up all that it could harm anybody with just before its exec.
//!
//! What comes of the program goes back by exit status, over sockets that are closed at exec: nothing
//! that a program writes can be taken for it.
//!
//! A program can be given a capability over its own network ([`Capability`]). An ordinary user's network
//! belongs to the user namespace of whoever asked for the box, so such a program stays in that one,
//! where others get one of their own in which they have no power over any network.
//!
//! Where namespaces are forbidden there is the **light** box: no init, no file system of its own, but
//! Landlock, seccomp, limits, and a keeper that adopts orphans and ends them. What it does not promise
//! is said by [`Kind::does_not_promise`].

#![deny(unsafe_code)]

mod limits;
mod link;
mod spec;

#[cfg(target_os = "linux")]
mod ask;
#[cfg(target_os = "linux")]
mod cgroup;
#[cfg(target_os = "linux")]
mod confine;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod filter;
#[cfg(target_os = "linux")]
mod init;
#[cfg(target_os = "linux")]
pub mod keeper;
#[cfg(target_os = "linux")]
mod light;
#[cfg(target_os = "linux")]
pub mod machine;
#[cfg(target_os = "linux")]
mod raw;
#[cfg(target_os = "linux")]
mod root;
#[cfg(target_os = "linux")]
mod tree;

#[cfg(target_os = "linux")]
pub use ask::{Prepared, prepare};
pub use limits::{Limit, Limits};
pub use link::{Ending, Link, Started};
pub use spec::{Capability, Kind, Network, Placed, Spec};

#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
pub use other::{Prepared, keeper, machine, prepare};
