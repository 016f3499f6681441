//! The grader's ends of conversations with a program.

mod large;
mod listener;
mod tcp;
mod udp;
mod vanishing;

pub use listener::{FullListener, Listener};
pub use tcp::TcpPeer;
pub use udp::UdpPeer;
pub(crate) use vanishing::vanishing;
