//! The network layer: IPv4 and IPv6 packets around a segment.

use std::net::{Ipv4Addr, Ipv6Addr};

use harness::random::Random;

use crate::checksum;
use crate::transport::Segment;

/// What the network layer hands to the link layer.
pub(crate) struct Packet {
    /// The number by which Ethernet says what it carries (IANA, EtherTypes).
    pub(crate) ether_type: u16,
    /// Header and all that is inside.
    pub(crate) bytes: Vec<u8>,
    /// The headers that the lesson takes apart, outermost first: how long each is, and its line. The
    /// transport layer's line lacks the payload's length.
    pub(crate) headers: Vec<(usize, String)>,
}

impl Segment {
    /// In an IPv4 packet (RFC 791 §3.1) with as many words of options.
    pub(crate) fn over_ipv4(mut self, random: &mut Random, words: usize) -> Packet {
        let (from, to) = two(|| ipv4(random));
        self.fill_in_checksum(&from.octets(), &to.octets());
        let ttl = number(random, 1, 255);
        // Words of "no operation", and router alert (RFC 2113) in the first of them.
        let mut options = vec![1; 4 * words];
        if words > 0 {
            options[..4].copy_from_slice(&[0x94, 4, 0, 0]);
        }
        let len = 20 + options.len();
        let total = u16::try_from(len + self.bytes.len()).unwrap_or(u16::MAX);
        let id = random.bytes(2);
        let mut header = [
            &[0x40 | number_of_words(len), 0],
            &total.to_be_bytes()[..],
            &id,
            // Don't fragment; checksum.
            &[0x40, 0, ttl, self.protocol, 0, 0],
            &from.octets(),
            &to.octets(),
            &options,
        ]
        .concat();
        let checksum = checksum::internet(&header);
        header[10..12].copy_from_slice(&checksum);
        let protocol = self.protocol;
        let line = format!("network: {from} > {to}, protocol {protocol}, ttl {ttl}");
        Packet {
            ether_type: 0x0800,
            headers: [Some((len, line)), self.header]
                .into_iter()
                .flatten()
                .collect(),
            bytes: [header, self.bytes].concat(),
        }
    }

    /// In an IPv6 packet (RFC 8200 §3).
    pub(crate) fn over_ipv6(mut self, random: &mut Random) -> Packet {
        let (from, to) = two(|| ipv6(random));
        self.fill_in_checksum(&from.octets(), &to.octets());
        let hop_limit = number(random, 1, 255);
        let len = u16::try_from(self.bytes.len()).unwrap_or(u16::MAX);
        let header = [
            // Version; traffic class and flow label.
            &[0x60, 0, 0, 0][..],
            &len.to_be_bytes(),
            &[self.protocol, hop_limit],
            &from.octets(),
            &to.octets(),
        ]
        .concat();
        let next = self.protocol;
        let line = format!("network: {from} > {to}, next header {next}, hop limit {hop_limit}");
        Packet {
            ether_type: 0x86dd,
            headers: [Some((40, line)), self.header]
                .into_iter()
                .flatten()
                .collect(),
            bytes: [header, self.bytes].concat(),
        }
    }

    fn fill_in_checksum(&mut self, from: &[u8], to: &[u8]) {
        let Some(at) = self.checksum_at else {
            return;
        };
        let mut checksum = checksum::transport(from, to, self.protocol, &self.bytes);
        if self.protocol == 17 && checksum == [0, 0] {
            // In UDP zero means that there is none (RFC 768).
            checksum = [0xff, 0xff];
        }
        self.bytes[at..at + 2].copy_from_slice(&checksum);
    }
}

/// An EtherType that the lesson does not take apart.
pub(crate) fn other(random: &mut Random, ether_type: u16) -> Packet {
    Packet {
        ether_type,
        bytes: random.bytes(46),
        headers: Vec::new(),
    }
}

/// An address out of those that are kept for documentation (RFC 5737), or a private one.
fn ipv4(random: &mut Random) -> Ipv4Addr {
    let [a, b, c] = *random.one_of(&[[192, 0, 2], [198, 51, 100], [203, 0, 113], [10, 1, 0]]);
    Ipv4Addr::new(a, b, c, number(random, 1, 254))
}

/// An address for documentation (RFC 3849), or a link-local or multicast one. In several groups there
/// are zeros.
fn ipv6(random: &mut Random) -> Ipv6Addr {
    let start = *random.one_of(&[[0x2001, 0xdb8], [0xfe80, 0], [0xff02, 0]]);
    let mut groups = [0; 8];
    groups[..2].copy_from_slice(&start);
    for group in &mut groups[4..] {
        *group = *random.one_of(&[0, 0, 1, 0x2a, 0x1000, 0xbeef]);
    }
    groups[7] = u16::from(number(random, 1, 255));
    Ipv6Addr::from(groups)
}

/// Two that differ.
fn two<T: PartialEq>(mut one: impl FnMut() -> T) -> (T, T) {
    let first = one();
    loop {
        let second = one();
        if second != first {
            return (first, second);
        }
    }
}

fn number(random: &mut Random, least: u8, most: u8) -> u8 {
    u8::try_from(random.number(least.into()..=most.into())).unwrap_or(most)
}

fn number_of_words(len: usize) -> u8 {
    u8::try_from(len / 4).unwrap_or(0)
}
