//! What this lesson knows about wrong answers.

mod claims;
mod link;
mod network;
mod shape;
mod transport;

use harness::diagnosis::{Case, Note};
use harness::due::Due;

use crate::frames::LINK;

/// From the most telling to the least.
pub(crate) const NOTES: &[Note] = &[
    shape::no_empty_line,
    shape::empty_application,
    shape::one_byte,
    shape::carriage_return,
    link::order,
    network::options,
    network::length_of_ipv6,
    network::unknown,
    transport::ports,
    transport::options,
    transport::padding,
    transport::flags,
    claims::cut_payload,
    claims::too_much_trust,
];

/// The frame that was given, and what was due and printed for it.
struct Look<'a> {
    due: &'a Due,
    expected: &'a str,
    printed: &'a str,
    frame: Vec<u8>,
}

impl<'a> Look<'a> {
    fn at(case: &Case<'a>) -> Option<Self> {
        let (due, expected, printed) = case.misprint()?;
        let digits: Option<Vec<u32>> = due.input.chars().map(|c| c.to_digit(16)).collect();
        let byte = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).ok();
        Some(Self {
            due,
            expected,
            printed,
            frame: digits?.chunks_exact(2).filter_map(byte).collect(),
        })
    }

    /// Byte number `offset` of the packet.
    fn packet(&self, offset: usize) -> Option<u8> {
        self.frame.get(LINK + offset).copied()
    }

    /// Two bytes of the frame, as a number.
    fn number(&self, offset: usize) -> Option<u16> {
        let bytes = self.frame.get(offset..offset + 2)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    }

    fn is_ipv4(&self) -> bool {
        self.number(12) == Some(0x0800)
    }

    fn is_ipv6(&self) -> bool {
        self.number(12) == Some(0x86dd)
    }

    /// How long the IP header says that it is.
    fn network_length(&self) -> Option<usize> {
        if self.is_ipv6() {
            return Some(40);
        }
        Some(usize::from(self.packet(0)? & 0x0f) * 4)
    }

    /// Where the packet says that it ends, counted from the beginning of the frame.
    fn end(&self) -> Option<usize> {
        if self.is_ipv6() {
            return Some(LINK + 40 + usize::from(self.number(LINK + 4)?));
        }
        Some(LINK + usize::from(self.number(LINK + 2)?))
    }

    fn protocol(&self) -> Option<u8> {
        self.packet(if self.is_ipv6() { 6 } else { 9 })
    }

    /// The payload's length in what was due, and in what was printed.
    fn counts(&self) -> Option<(usize, usize)> {
        Some((count(self.expected)?, count(self.printed)?))
    }
}

/// 29 of `transport: UDP 5353 > 53, 29 bytes`.
fn count(line: &str) -> Option<usize> {
    let (_, count) = line.strip_prefix("transport: ")?.rsplit_once(", ")?;
    count.split(' ').next()?.parse().ok()
}

/// The two ports of a transport line.
fn ports(line: &str) -> Option<(u16, u16)> {
    let rest = line.strip_prefix("transport: ")?;
    let (_, ports) = rest.split_once(' ')?;
    let (from, to) = ports.split_once(',')?.0.split_once(" > ")?;
    Some((from.parse().ok()?, to.parse().ok()?))
}
