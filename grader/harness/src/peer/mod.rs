//! The grader's ends of conversations with a program.

mod crowd;
mod in_short;
mod listener;
mod rest;
mod tcp;
mod trickle;
mod udp;
mod unread;
mod vanishing;

pub use crowd::Crowd;
pub use listener::{FullListener, Listener};
pub use tcp::TcpPeer;
pub use udp::UdpPeer;
pub(crate) use vanishing::vanishing;
