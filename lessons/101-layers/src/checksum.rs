//! The Internet checksum (RFC 1071). No program is asked to verify it; but the frames are honest, so
//! that any tool takes them for what they are.

/// The one's complement of the one's complement sum of all 16-bit words.
pub(crate) fn internet(bytes: &[u8]) -> [u8; 2] {
    let words = bytes.chunks(2).map(|pair| match *pair {
        [high, low] => u32::from(u16::from_be_bytes([high, low])),
        // A last odd byte counts as if a zero followed.
        [high] => u32::from(u16::from_be_bytes([high, 0])),
        _ => 0,
    });
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    let [.., high, low] = (!sum).to_be_bytes();
    [high, low]
}

/// The checksum of a segment, over the pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1), too.
pub(crate) fn transport(from: &[u8], to: &[u8], protocol: u8, segment: &[u8]) -> [u8; 2] {
    let len = u32::try_from(segment.len()).unwrap_or(u32::MAX);
    let pseudo = [from, to, &len.to_be_bytes(), &[0, 0, 0, protocol], segment];
    internet(&pseudo.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 1071 §3: the sum is ddf2.
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(internet(&bytes), (!0xddf2_u16).to_be_bytes());
        // What holds its own checksum sums up to zero.
        let with_checksum = [&bytes[..], &internet(&bytes)].concat();
        assert_eq!(internet(&with_checksum), [0, 0]);
    }
}
