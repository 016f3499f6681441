//! What goes over the loopback of this thread's network, `man 7 packet`.

use std::collections::HashMap;
use std::num::NonZeroU32;

use anyhow::{Context as _, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{AddressFamily, Protocol, RecvFlags, SocketFlags, SocketType, recv, socket_with};

use crate::packet::{Packet, Transport};

/// How long a segment may take that must come. An acknowledgement is held back for 40 ms at most on
/// loopback (TCP_DELACK_MIN), so this is for a machine that is very busy.
const PATIENCE: Timespec = Timespec {
    tv_sec: 10,
    tv_nsec: 0,
};

/// What must be seen on the wire, since a call has set it in motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) what: What,
    /// The port that it comes from, if that is known.
    pub(crate) from: Option<u16>,
    /// The port that it goes to, if that is known.
    pub(crate) to: Option<u16>,
}

/// What kind of frame is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A datagram, or a segment with bytes in it.
    Payload,
    EndOrReset,
    /// An ICMP message about a datagram that went the other way.
    PortUnreachable,
}

impl Due {
    fn is_met_by(self, frame: &Packet) -> bool {
        let is_it = match (self.what, &frame.transport) {
            (What::Payload, Transport::Tcp(_)) => !frame.payload.is_empty(),
            (What::Payload, Transport::Udp(_)) | (What::PortUnreachable, Transport::Icmp(_)) => {
                true
            }
            (What::EndOrReset, Transport::Tcp(tcp)) => tcp.fin || tcp.rst,
            _ => false,
        };
        let goes_there = |(from, to): (u16, u16)| {
            self.from.is_none_or(|port| port == from) && self.to.is_none_or(|port| port == to)
        };
        is_it && frame.ports().is_ok_and(goes_there)
    }
}

/// A packet socket, and what is under way on the connections that it has seen.
#[derive(Debug)]
pub(crate) struct Wire {
    socket: OwnedFd,
    /// By the two ports, sender first: the sequence number that the other side has still to acknowledge.
    unacknowledged: HashMap<(u16, u16), u32>,
}

impl Wire {
    /// Sees all IPv4 frames from now on.
    ///
    /// The loopback shows each frame twice, when it goes out and when it comes in. A socket for one
    /// EtherType sees only what comes in; only one for all of them (ETH_P_ALL) would see both.
    pub(crate) fn tap() -> anyhow::Result<Self> {
        const ETHERTYPE_IPV4: u16 = 0x0800;
        let protocol = NonZeroU32::new(ETHERTYPE_IPV4.to_be().into());
        let socket = socket_with(
            AddressFamily::PACKET,
            SocketType::RAW,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            protocol.map(Protocol::from_raw),
        )
        .context("a packet socket")?;
        Ok(Self {
            socket,
            unacknowledged: HashMap::new(),
        })
    }

    /// Everything until all that is due has come, and all is acknowledged.
    pub(crate) fn until_at_rest(&mut self, mut due: Vec<Due>) -> anyhow::Result<Vec<Packet>> {
        let mut frames = Vec::new();
        loop {
            while let Some(frame) = self.next()? {
                due.retain(|due| !due.is_met_by(&frame));
                self.keep_the_books(&frame);
                frames.push(frame);
            }
            if due.is_empty() && self.unacknowledged.is_empty() {
                return Ok(frames);
            }
            let mut waits = [PollFd::new(&self.socket, PollFlags::IN)];
            if poll(&mut waits, Some(&PATIENCE))? == 0 {
                bail!("no segment came that was due; so far: {frames:?}");
            }
        }
    }

    fn next(&self) -> anyhow::Result<Option<Packet>> {
        let mut buffer = vec![0; 1 << 17];
        match recv(&self.socket, &mut buffer[..], RecvFlags::empty()) {
            Ok((len, _)) => Packet::read(&buffer[..len]).map(Some),
            Err(Errno::AGAIN) => Ok(None),
            Err(error) => Err(error).context("from the packet socket"),
        }
    }

    fn keep_the_books(&mut self, frame: &Packet) {
        let Some(tcp) = frame.tcp() else { return };
        let there = (tcp.source_port, tcp.destination_port);
        let back = (tcp.destination_port, tcp.source_port);
        if tcp.rst {
            self.unacknowledged.remove(&there);
            self.unacknowledged.remove(&back);
            return;
        }
        if frame.sequence_length() > 0 {
            let end = tcp.sequence_number.wrapping_add(frame.sequence_length());
            self.unacknowledged.insert(there, end);
        }
        if tcp.ack && self.unacknowledged.get(&back) == Some(&tcp.acknowledgment_number) {
            self.unacknowledged.remove(&back);
        }
    }
}
