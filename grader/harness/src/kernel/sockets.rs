//! Sockets as the kernel sees them, by netlink `sock_diag` (`man 7 sock_diag`), in the network
//! namespace of the thread that opened the [`Diag`].

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::Duration;

use netlink_packet_core::{
    NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{AF_INET, AF_INET6, IPPROTO_TCP, IPPROTO_UDP};
use netlink_packet_sock_diag::inet::nlas::Nla;
use netlink_packet_sock_diag::inet::{
    ExtensionFlags, InetRequest, InetResponse, SocketId, StateFlags, Timer,
};
use netlink_packet_sock_diag::unix::{self, ShowFlags, UnixRequest};
use rustix::net::netlink::SOCK_DIAG;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with,
};

use super::{Protocol, SocketRow, State};

/// A question line to the kernel.
#[derive(Debug)]
pub(crate) struct Diag {
    netlink: OwnedFd,
}

impl Diag {
    /// Opens one in the network namespace of this thread.
    pub(crate) fn open() -> io::Result<Self> {
        let netlink = socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            Some(SOCK_DIAG),
        )?;
        Ok(Self { netlink })
    }

    /// All TCP sockets, IPv4 and IPv6.
    pub(crate) fn tcp(&self) -> io::Result<Vec<SocketRow>> {
        self.inet(Protocol::Tcp, &StateFlags::all())
    }

    /// TCP sockets that listen.
    pub(crate) fn listeners(&self) -> io::Result<Vec<SocketRow>> {
        self.inet(Protocol::Tcp, &StateFlags::LISTEN)
    }

    /// All UDP sockets that are bound.
    pub(crate) fn udp(&self) -> io::Result<Vec<SocketRow>> {
        self.inet(Protocol::Udp, &StateFlags::all())
    }

    fn inet(&self, protocol: Protocol, states: &StateFlags) -> io::Result<Vec<SocketRow>> {
        let mut rows = Vec::new();
        for (family, socket_id) in [
            (AF_INET, SocketId::new_v4()),
            (AF_INET6, SocketId::new_v6()),
        ] {
            let request = SockDiagMessage::InetRequest(InetRequest {
                family,
                protocol: match protocol {
                    Protocol::Tcp => IPPROTO_TCP,
                    Protocol::Udp => IPPROTO_UDP,
                },
                // TCP's own numbers, and how full its buffers are.
                extensions: ExtensionFlags::INFO | ExtensionFlags::SKMEMINFO,
                states: states.clone(),
                socket_id,
            });
            self.dump(request, |answer| {
                if let SockDiagMessage::InetResponse(response) = answer {
                    rows.extend(row(protocol, &response));
                }
            })?;
        }
        Ok(rows)
    }

    /// Each Unix socket's inode with that of its peer, where it has one.
    pub(crate) fn unix_peers(&self) -> io::Result<Vec<(u32, Option<u32>)>> {
        let mut rows = Vec::new();
        let request = SockDiagMessage::UnixRequest(UnixRequest {
            // All states: a datagram socket counts as closed.
            state_flags: unix::StateFlags::from_bits_retain(u32::MAX),
            inode: 0,
            show_flags: ShowFlags::PEER,
            cookie: [0xff; 8],
        });
        self.dump(request, |answer| {
            if let SockDiagMessage::UnixResponse(response) = answer {
                rows.push((response.header.inode, response.peer()));
            }
        })?;
        Ok(rows)
    }

    /// Asks and reads the answers until the kernel says that there are no more.
    fn dump(
        &self,
        request: SockDiagMessage,
        mut each: impl FnMut(SockDiagMessage),
    ) -> io::Result<()> {
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | NLM_F_DUMP;
        let mut message = NetlinkMessage::new(header, NetlinkPayload::from(request));
        message.finalize();
        let mut bytes = vec![0; message.buffer_len()];
        message.serialize(&mut bytes);
        send(&self.netlink, &bytes, SendFlags::empty())?;

        let mut buffer = vec![0; 64 * 1024];
        loop {
            let (len, _) = recv(&self.netlink, &mut buffer[..], RecvFlags::empty())?;
            let mut rest = &buffer[..len];
            while !rest.is_empty() {
                let message = NetlinkMessage::<SockDiagMessage>::deserialize(rest)
                    .map_err(io::Error::other)?;
                // Messages are padded to four bytes.
                let step = (message.header.length as usize).next_multiple_of(4);
                match message.payload {
                    NetlinkPayload::InnerMessage(answer) => each(answer),
                    NetlinkPayload::Done(_) => return Ok(()),
                    NetlinkPayload::Error(error) => return Err(error.to_io()),
                    _ => {}
                }
                rest = rest.get(step..).unwrap_or_default();
            }
        }
    }
}

fn row(protocol: Protocol, response: &InetResponse) -> Option<SocketRow> {
    let header = &response.header;
    let id = &header.socket_id;
    let info = response.nlas.iter().find_map(|nla| match nla {
        Nla::TcpInfo(bytes) => Some(TcpInfo(bytes)),
        _ => None,
    });
    let remote = SocketAddr::new(plain(id.destination_address), id.destination_port);
    Some(SocketRow {
        protocol,
        inode: header.inode,
        local: SocketAddr::new(plain(id.source_address), id.source_port),
        remote: (remote.port() != 0).then_some(remote),
        state: state(header.state)?,
        unread: header.recv_queue,
        unsent: header.send_queue,
        probes: matches!(header.timer, Some(Timer::Probe(_))),
        backoff: info.as_ref().and_then(TcpInfo::backoff).unwrap_or(0),
        unanswered: info.as_ref().and_then(TcpInfo::probes).unwrap_or(0),
        window: info.as_ref().and_then(TcpInfo::send_window),
        in_flight: info.as_ref().and_then(TcpInfo::segments_in_flight),
        is_full: response.nlas.iter().any(is_full),
        sent: info.as_ref().and_then(TcpInfo::bytes_sent_once),
        arrived: info.as_ref().and_then(TcpInfo::bytes_received),
        held_back: info.as_ref().and_then(TcpInfo::bytes_not_sent).unwrap_or(0),
        last_segment_ago: info.as_ref().and_then(TcpInfo::last_ack_received),
    })
}

/// Whether less than a sixteenth of the receive buffer is free: then no window is offered, however
/// large a segment is (`__tcp_select_window` in the kernel's `net/ipv4/tcp_output.c`).
fn is_full(nla: &Nla) -> bool {
    match nla {
        Nla::MemInfo(memory) => {
            let limit = memory.receive_queue_max;
            limit.saturating_sub(memory.receive_queue) < limit / 16
        }
        _ => false,
    }
}

/// The kernel's `struct tcp_info` (`linux/tcp.h`), as far as this kernel fills it.
struct TcpInfo<'a>(&'a [u8]);

impl TcpInfo<'_> {
    /// tcpi_probes.
    fn probes(&self) -> Option<u8> {
        self.0.get(3).copied()
    }

    /// tcpi_backoff.
    fn backoff(&self) -> Option<u8> {
        self.0.get(4).copied()
    }

    /// tcpi_bytes_received: payload, and one for a FIN.
    fn bytes_received(&self) -> Option<u64> {
        self.u64(128)
    }

    /// tcpi_last_ack_recv, in milliseconds before now.
    fn last_ack_received(&self) -> Option<Duration> {
        self.u32(56).map(|ms| Duration::from_millis(ms.into()))
    }

    /// tcpi_unacked.
    fn segments_in_flight(&self) -> Option<u32> {
        self.u32(24)
    }

    /// tcpi_notsent_bytes.
    fn bytes_not_sent(&self) -> Option<u32> {
        self.u32(144)
    }

    /// tcpi_snd_wnd.
    fn send_window(&self) -> Option<u32> {
        self.u32(228)
    }

    /// tcpi_bytes_sent, without tcpi_bytes_retrans.
    fn bytes_sent_once(&self) -> Option<u64> {
        self.u64(200)?.checked_sub(self.u64(208)?)
    }

    fn u32(&self, offset: usize) -> Option<u32> {
        let bytes = self.0.get(offset..offset + 4)?;
        Some(u32::from_ne_bytes(bytes.try_into().ok()?))
    }

    fn u64(&self, offset: usize) -> Option<u64> {
        let bytes = self.0.get(offset..offset + 8)?;
        Some(u64::from_ne_bytes(bytes.try_into().ok()?))
    }
}

/// A dual-stack socket shows `::ffff:127.0.0.1` where its peer shows `127.0.0.1`.
fn plain(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(v6) if v6 != Ipv6Addr::UNSPECIFIED => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        _ => ip,
    }
}

fn state(number: u8) -> Option<State> {
    Some(match number {
        1 => State::Established,
        2 => State::SynSent,
        // 12 is a connection request that has no full socket yet.
        3 | 12 => State::SynReceived,
        4 => State::FinWait1,
        5 => State::FinWait2,
        6 => State::TimeWait,
        7 => State::Close,
        8 => State::CloseWait,
        9 => State::LastAck,
        10 => State::Listen,
        11 => State::Closing,
        _ => return None,
    })
}
