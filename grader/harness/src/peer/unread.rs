//! A client that does not read: what is sent to it finds no room after a while.

use std::net::SocketAddr;
use std::rc::Rc;

use rustix::net::sockopt::set_socket_recv_buffer_size;

use super::TcpPeer;
use super::connection::Reading;
use super::listener::stream_socket;
use crate::clock;
use crate::failure::{GraderError, Verdict};
use crate::run::Server;
use crate::stage::Stage;

/// The kernel lets a receive buffer grow to megabytes if it may choose. With 128 KiB a sender soon
/// finds no room; with 8 KiB loopback itself becomes slow, since less than one of its segments fits.
const RECEIVE_BUFFER: usize = 128 << 10;

impl Server {
    /// A new client called `name`, connected, that reads nothing until [`TcpPeer::read_again`], and
    /// has little room for what it does not read.
    pub fn connect_without_reading(&self, name: &str) -> Verdict<TcpPeer> {
        connect_with_little_room(&self.program.stage, name, self.address)
    }
}

fn connect_with_little_room(
    stage: &Rc<Stage>,
    name: &str,
    address: SocketAddr,
) -> Verdict<TcpPeer> {
    let fd = stream_socket(address)?;
    // Before connect: the window's scale is agreed on in the handshake (`man 7 tcp`).
    set_socket_recv_buffer_size(&fd, RECEIVE_BUFFER)
        .map_err(GraderError::system("setting SO_RCVBUF"))?;
    // A server may greet it before connect has returned.
    TcpPeer::connect_socket(stage, name, fd, address, Reading::Waits)
}

impl TcpPeer {
    /// Sends `piece` again and again, `total` bytes in all, until the program takes no more: not yet,
    /// or never. How many bytes the kernel has taken; they fill the buffers on the way, too.
    pub fn pour(&mut self, piece: &[u8], total: usize) -> usize {
        let mut offered = 0;
        while offered < total && !self.has_ended() {
            let part = &piece[..piece.len().min(total - offered)];
            self.offer(part);
            offered += part.len();
            let taken = || (self.untaken() == 0).then_some(());
            // Not an expectation: a program that has stopped receiving is what this is about.
            if self.stage().wait(clock::SILENCE, taken).is_err() {
                break;
            }
        }
        offered - self.untaken()
    }
}
