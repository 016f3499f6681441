//! One frame of a capture, read from the outside in.

use anyhow::{Context as _, anyhow, bail};
use etherparse::{
    Ethernet2Header, Icmpv4Header, Ipv4Header, LinkHeader, NetHeaders, PacketHeaders, TcpHeader,
    TransportHeader, UdpHeader,
};

/// A frame's headers and what they carry.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    pub(crate) bytes: Vec<u8>,
    pub(crate) link: Ethernet2Header,
    pub(crate) network: Ipv4Header,
    pub(crate) transport: Transport,
    /// What is inside the last header.
    pub(crate) payload: Vec<u8>,
}

/// The transport layer's header, or what takes its place.
#[derive(Clone, Debug)]
pub(crate) enum Transport {
    Tcp(Box<TcpHeader>),
    Udp(UdpHeader),
    /// The network's own message about a packet of which it carries the beginning.
    Icmp(Icmpv4Header),
}

impl Packet {
    /// Reads an Ethernet frame.
    pub(crate) fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let headers = PacketHeaders::from_ethernet_slice(bytes).map_err(|e| anyhow!("{e}"))?;
        let Some(LinkHeader::Ethernet2(link)) = headers.link else {
            bail!("no Ethernet header");
        };
        let Some(NetHeaders::Ipv4(network, _)) = headers.net else {
            bail!("no IPv4 header");
        };
        let transport = match headers.transport.context("no header of TCP, UDP or ICMP")? {
            TransportHeader::Tcp(header) => Transport::Tcp(Box::new(header)),
            TransportHeader::Udp(header) => Transport::Udp(header),
            TransportHeader::Icmpv4(header) => Transport::Icmp(header),
            other => bail!("neither TCP nor UDP nor ICMP: {other:?}"),
        };
        Ok(Self {
            bytes: bytes.to_vec(),
            link,
            network,
            transport,
            payload: headers.payload.slice().to_vec(),
        })
    }

    /// The port that it comes from and the one that it goes to. For an ICMP message those of the packet
    /// that it complains of, the other way round: it goes to that packet's sender.
    pub(crate) fn ports(&self) -> anyhow::Result<(u16, u16)> {
        Ok(match &self.transport {
            Transport::Tcp(tcp) => (tcp.source_port, tcp.destination_port),
            Transport::Udp(udp) => (udp.source_port, udp.destination_port),
            Transport::Icmp(_) => {
                let (_, udp) = self.complained_of()?;
                (udp.destination_port, udp.source_port)
            }
        })
    }

    /// The headers of the datagram that an ICMP message carries back.
    pub(crate) fn complained_of(&self) -> anyhow::Result<(Ipv4Header, UdpHeader)> {
        let (ip, rest) = Ipv4Header::from_slice(&self.payload)?;
        let (udp, _) = UdpHeader::from_slice(rest)?;
        Ok((ip, udp))
    }

    /// The TCP header, if it has one.
    pub(crate) fn tcp(&self) -> Option<&TcpHeader> {
        match &self.transport {
            Transport::Tcp(header) => Some(header),
            _ => None,
        }
    }

    /// Where the network layer's header begins.
    pub(crate) fn network_start(&self) -> usize {
        self.link.header_len()
    }

    /// Where the transport layer's header begins.
    pub(crate) fn transport_start(&self) -> usize {
        self.network_start() + self.network.header_len()
    }

    /// Where the payload begins.
    pub(crate) fn payload_start(&self) -> usize {
        self.transport_start()
            + match &self.transport {
                Transport::Tcp(header) => header.header_len(),
                Transport::Udp(header) => header.header_len(),
                Transport::Icmp(header) => header.header_len(),
            }
    }

    /// The flags of a TCP segment that are set, in the order in which people name them.
    pub(crate) fn flags(&self) -> String {
        let Some(tcp) = self.tcp() else {
            return String::new();
        };
        let flags = [
            (tcp.fin, "FIN"),
            (tcp.syn, "SYN"),
            (tcp.rst, "RST"),
            (tcp.psh, "PSH"),
            (tcp.ack, "ACK"),
            (tcp.urg, "URG"),
        ];
        let set: Vec<&str> = flags.iter().filter(|f| f.0).map(|f| f.1).collect();
        set.join(" ")
    }

    /// How far a segment moves its sender's sequence numbers: its bytes, and 1 each for SYN and FIN
    /// (RFC 9293, section 3.4).
    pub(crate) fn sequence_length(&self) -> u32 {
        let Some(tcp) = self.tcp() else { return 0 };
        let payload = u32::try_from(self.payload.len()).unwrap_or(u32::MAX);
        payload + u32::from(tcp.syn) + u32::from(tcp.fin)
    }
}

/// Bytes in hexadecimal, without spaces.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that hexadecimal digits stand for.
pub(crate) fn from_hex(text: &str) -> anyhow::Result<Vec<u8>> {
    let digits: Vec<char> = text.chars().collect();
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| {
            let pair: String = pair.iter().collect();
            u8::from_str_radix(&pair, 16).with_context(|| format!("{pair:?} is no byte"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_goes_both_ways() {
        let bytes = from_hex("00ff10").expect("it is hexadecimal");
        assert_eq!(bytes, [0, 255, 16]);
        assert_eq!(to_hex(&bytes), "00ff10");
        assert!(from_hex("0g").is_err());
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        assert!(Packet::read(&[0; 10]).is_err());
    }
}
