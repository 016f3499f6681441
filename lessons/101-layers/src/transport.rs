//! The transport layer: UDP datagrams and TCP segments around a payload.

use harness::random::Random;

/// What the transport layer hands to the network layer.
pub(crate) struct Segment {
    /// The number by which IP says what it carries (IANA, protocol numbers).
    pub(crate) protocol: u8,
    /// Header and payload.
    pub(crate) bytes: Vec<u8>,
    /// How long the header is, and its line without the payload's length; none of a protocol that
    /// is not taken apart.
    pub(crate) header: Option<(usize, String)>,
    /// Where the checksum belongs.
    pub(crate) checksum_at: Option<usize>,
}

/// A port whose two bytes differ.
fn port(random: &mut Random) -> u16 {
    loop {
        let port = u16::try_from(random.number(1..=65535)).unwrap_or(1);
        if port != port.swap_bytes() {
            return port;
        }
    }
}

/// UDP (RFC 768).
pub(crate) fn udp(random: &mut Random, payload: &[u8]) -> Segment {
    let (from, to) = (port(random), port(random));
    let len = u16::try_from(8 + payload.len()).unwrap_or(u16::MAX);
    let numbers = [from, to, len, 0].map(u16::to_be_bytes);
    Segment {
        protocol: 17,
        bytes: [&numbers.concat()[..], payload].concat(),
        header: Some((8, format!("transport: UDP {from} > {to}"))),
        checksum_at: Some(6),
    }
}

/// TCP (RFC 9293 §3.1) with these flags, and as many words of options.
pub(crate) fn tcp(random: &mut Random, flags: u8, words: usize, payload: &[u8]) -> Segment {
    let (from, to) = (port(random), port(random));
    let options = options(random, words);
    let len = 20 + options.len();
    let offset = u8::try_from(len / 4).unwrap_or(5) << 4;
    let bytes = [
        &[from, to].map(u16::to_be_bytes).concat()[..],
        // Sequence and acknowledgement number.
        &random.bytes(8),
        &[offset, flags],
        // Window; checksum and urgent pointer.
        &random.bytes(2),
        &[0; 4],
        &options,
        payload,
    ];
    Segment {
        protocol: 6,
        bytes: bytes.concat(),
        header: Some((
            len,
            format!("transport: TCP {from} > {to}, flags {}", names(flags)),
        )),
        checksum_at: Some(16),
    }
}

/// What TCP says in its options: segment size, SACK permitted, window scale, time stamps.
fn options(random: &mut Random, words: usize) -> Vec<u8> {
    const EACH: [[u8; 4]; 3] = [[2, 4, 5, 0xb4], [1, 1, 4, 2], [1, 3, 3, 7]];
    let mut options: Vec<u8> = EACH.iter().cycle().take(words).flatten().copied().collect();
    if words >= 3 {
        options.truncate(4 * (words - 3));
        options.extend([1, 1, 8, 10]);
        options.extend(random.bytes(8));
    }
    options
}

/// The names of the flags, by bit value, without ECE and CWR.
fn names(flags: u8) -> String {
    let all = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];
    let set = all
        .into_iter()
        .enumerate()
        .filter(|(bit, _)| flags & (1 << bit) != 0);
    let names: Vec<&str> = set.map(|(_, name)| name).collect();
    if names.is_empty() {
        "none".into()
    } else {
        names.join(" ")
    }
}

/// A protocol that the lesson does not take apart.
pub(crate) fn other(random: &mut Random, protocol: u8) -> Segment {
    Segment {
        protocol,
        bytes: random.bytes(40),
        header: None,
        checksum_at: None,
    }
}

/// The same behind an extension header of IPv6: hop-by-hop options, of which there are none but padding
/// (RFC 8200 §4.3). Its first byte says what comes next.
pub(crate) fn behind_an_extension(inside: &Segment) -> Segment {
    let extension = [inside.protocol, 0, 1, 4, 0, 0, 0, 0];
    Segment {
        protocol: 0,
        bytes: [&extension[..], &inside.bytes].concat(),
        header: None,
        checksum_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_named_by_bit_value() {
        assert_eq!(names(0b0001_1000), "PSH ACK");
        assert_eq!(names(0b1100_0000), "none");
        assert_eq!(names(0xff), "FIN SYN RST PSH ACK URG");
    }

    #[test]
    fn options_fill_whole_words() {
        let mut random = Random::new(1, "options");
        for words in 0..=10 {
            assert_eq!(options(&mut random, words).len(), 4 * words);
        }
    }
}
