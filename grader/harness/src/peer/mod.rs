//! The grader's ends of conversations with a program.

mod connection;
mod crowd;
mod echo;
mod expecting;
mod in_short;
mod large;
pub mod link;
mod listener;
mod outgoing;
mod rest;
mod server;
mod socket;
mod tcp;
mod time_limit;
mod times;
mod trickle;
mod udp;
mod unread;
mod vanishing;

pub use crowd::Crowd;
pub use echo::Echo;
pub use listener::{FullListener, Listener};
pub use server::{Sign, UdpServer};
pub use socket::{Arrival, Datagram};
pub use tcp::TcpPeer;
pub use time_limit::TimeLimit;
pub use udp::UdpPeer;
pub(crate) use vanishing::vanishing;
