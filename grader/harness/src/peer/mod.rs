//! The grader's ends of conversations with a program.

mod crowd;
pub mod link;
mod listener;
mod server;
mod socket;
mod tcp;
mod trickle;
mod udp;
mod unread;
mod vanishing;

pub use crowd::Crowd;
pub use listener::{FullListener, Listener};
pub use server::{Sign, UdpServer};
pub use socket::{Arrival, Datagram};
pub use tcp::TcpPeer;
pub use udp::UdpPeer;
pub(crate) use vanishing::vanishing;
