//! An address in its two forms: text and bytes.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV6};

use harness::Translation;
use harness::random::Random;

/// Both forms of one address.
pub(crate) struct Forms {
    text: Vec<u8>,
    /// All of the bytes line but its digits: what comes before each run of them, with that run.
    bytes: Vec<(&'static str, Vec<u8>)>,
}

impl Forms {
    pub(crate) fn text_given(&self) -> Translation {
        Translation::new(self.text.clone(), self.line(false))
    }

    pub(crate) fn bytes_given(&self) -> Translation {
        Translation::new(self.line(false), self.text.clone())
    }

    /// The words stay as they are; the digits are A to F.
    pub(crate) fn upper_case_given(&self) -> Translation {
        Translation::new(self.line(true), self.text.clone())
    }

    fn line(&self, upper_case: bool) -> String {
        let mut line = String::new();
        for (word, bytes) in &self.bytes {
            let digits = hex(bytes);
            line.push_str(word);
            line.push_str(&if upper_case {
                digits.to_ascii_uppercase()
            } else {
                digits
            });
        }
        line
    }
}

pub(crate) fn ipv4(octets: [u8; 4], port: u16) -> Forms {
    Forms {
        text: format!("{}:{port}", Ipv4Addr::from(octets)).into(),
        bytes: vec![
            ("AF_INET port ", port.to_be_bytes().into()),
            (" address ", octets.into()),
        ],
    }
}

/// `text` is an address as RFC 5952 writes it, without brackets.
pub(crate) fn ipv6(text: &str, port: u16) -> Forms {
    let ip: Ipv6Addr = text.parse().unwrap_or(Ipv6Addr::UNSPECIFIED);
    Forms {
        text: SocketAddrV6::new(ip, port, 0, 0).to_string().into(),
        bytes: vec![
            ("AF_INET6 port ", port.to_be_bytes().into()),
            (" address ", ip.octets().into()),
        ],
    }
}

pub(crate) fn unix(path: &[u8]) -> Forms {
    Forms {
        text: [b"unix:", path].concat(),
        bytes: vec![("AF_UNIX path ", path.into())],
    }
}

/// A port that reads the same in either order.
pub(crate) fn port_of_equal_bytes(random: &mut Random) -> u16 {
    u16::from_be_bytes([byte(random); 2])
}

/// A port that does not.
pub(crate) fn port_of_two_bytes(random: &mut Random) -> u16 {
    loop {
        let port = u16::from_be_bytes([byte(random), byte(random)]);
        if port != port.swap_bytes() {
            return port;
        }
    }
}

/// An address in which some of the groups are zero, and none of the kinds that are written with an
/// IPv4 address at their end.
pub(crate) fn random_ipv6(random: &mut Random) -> String {
    let mut groups = [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0];
    for group in &mut groups[2..] {
        *group = *random.one_of(&[0, 0, 1, 0x2a, 0xfff, 0x1000, 0xbeef]);
    }
    Ipv6Addr::from(groups).to_string()
}

/// Any byte; small ones, whose first digit is a zero, as often as others.
pub(crate) fn byte(random: &mut Random) -> u8 {
    let most = *random.one_of(&[0x0f, 0xff]);
    u8::try_from(random.number(0..=most)).unwrap_or(u8::MAX)
}

/// Two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_chapter() {
        let line = |forms: Forms| forms.line(false);
        assert_eq!(
            line(ipv4([127, 0, 0, 1], 8080)),
            "AF_INET port 1f90 address 7f000001"
        );
        assert_eq!(
            line(ipv6("::1", 80)),
            "AF_INET6 port 0050 address 00000000000000000000000000000001"
        );
        assert_eq!(line(unix(b"/tmp/x")), "AF_UNIX path 2f746d702f78");
        assert_eq!(
            ipv4([1, 2, 3, 255], 1).line(true),
            "AF_INET port 0001 address 010203FF"
        );
    }

    #[test]
    fn random_addresses_are_canonical_and_have_zeros_in_several_places() {
        let mut random = Random::new(1, "forms");
        for _ in 0..1000 {
            let text = random_ipv6(&mut random);
            let ip: Ipv6Addr = text.parse().expect("an address");
            assert_eq!(ip.to_string(), text);
            assert!(!text.contains('.'), "{text}");
        }
    }
}
