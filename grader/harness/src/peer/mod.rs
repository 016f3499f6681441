//! The grader's ends of conversations with a program.

pub mod link;
mod listener;
mod server;
mod socket;
mod tcp;
mod udp;
mod vanishing;

pub use listener::{FullListener, Listener};
pub use server::{Sign, UdpServer};
pub use socket::{Arrival, Datagram};
pub use tcp::TcpPeer;
pub use udp::UdpPeer;
pub(crate) use vanishing::vanishing;
