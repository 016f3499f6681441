//! A segment's numbers as people count them.

use std::collections::HashMap;

use etherparse::{TcpHeader, TcpOptionElement};

use crate::capture::story::Beginnings;

/// What was said before on the connections of a capture.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    beginnings: Beginnings,
    /// By port: the window scale that its SYN named.
    scales: HashMap<u16, u8>,
}

/// The numbers of one segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    /// Counted from the sender's SYN.
    pub(crate) sequence: u32,
    /// Counted from the other side's SYN.
    pub(crate) acknowledged: u32,
    /// How many bytes the sender has room for.
    pub(crate) window: u64,
    /// By how much the number in the header is multiplied for that.
    pub(crate) factor: u64,
}

impl Numbers {
    /// Those of the next segment.
    pub(crate) fn of(&mut self, tcp: &TcpHeader) -> Counted {
        let (sequence, acknowledged) = self.beginnings.relative(tcp);
        for option in tcp.options_iterator().flatten() {
            if let TcpOptionElement::WindowScale(scale) = option {
                self.scales.insert(tcp.source_port, scale);
            }
        }
        // The window of a SYN is never scaled (RFC 7323, section 2.2).
        let scale = self.scales.get(&tcp.source_port).copied();
        let scale = scale.filter(|_| !tcp.syn).unwrap_or(0);
        Counted {
            sequence,
            acknowledged,
            window: u64::from(tcp.window_size) << scale,
            factor: 1 << scale,
        }
    }
}

/// `65,495`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(thousands(65495), "65,495");
        assert_eq!(thousands(512), "512");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }

    #[test]
    fn a_window_is_multiplied_by_the_scale_of_its_senders_syn_except_in_the_syn() {
        let mut syn = TcpHeader::new(51000, 9000, 7_000, 65_495);
        syn.syn = true;
        syn.set_options(&[TcpOptionElement::WindowScale(7)])
            .expect("it has room");
        let segment = TcpHeader::new(51000, 9000, 7_001, 512);
        let mut numbers = Numbers::default();
        assert_eq!(numbers.of(&syn).window, 65_495);
        let counted = numbers.of(&segment);
        assert_eq!((counted.sequence, counted.window), (1, 65_536));
    }
}
