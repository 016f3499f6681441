//! Random frames of all kinds.

use harness::Translation;
use harness::random::Random;

use crate::damage;
use crate::frames::{Frame, nonsense};
use crate::network::{self, Packet};
use crate::transport::{self, Segment, tcp, udp};

/// ARP, VLAN, LLDP, loopback, and a length as IEEE 802.3 has it in place of a type.
pub(crate) const OTHER_ETHER_TYPES: [u16; 5] = [0x0806, 0x8100, 0x88cc, 0x9000, 0x0026];

/// ICMP, IGMP, GRE, ICMPv6, SCTP, and hop-by-hop options, an extension header of IPv6.
pub(crate) const OTHER_PROTOCOLS: [u8; 6] = [1, 2, 47, 58, 132, 0];

/// A line of input, of any kind.
pub(crate) fn line(random: &mut Random) -> Translation {
    let mut translation = match random.number(0..=19) {
        0 => nonsense(random.one_of::<&str>(&damage::NO_FRAMES)),
        1 => {
            let frames = damage::contradictions(random);
            random.one_of(&frames).translation()
        }
        2..=4 => {
            let frame = frame(random);
            let len = random.number(1..=frame.len() as u64);
            frame.cut(usize::try_from(len).unwrap_or(1)).translation()
        }
        5..=9 => frame(random).in_upper_case(),
        _ => frame(random).translation(),
    };
    if random.number(0..=9) == 0 && !translation.input.ends_with(b"\r") {
        // As from a file that was written on Windows.
        translation.input.push(b'\r');
    }
    translation
}

/// A frame that is as it should be.
fn frame(random: &mut Random) -> Frame {
    let frame = packet(random).over_ethernet(random);
    if random.number(0..=1) == 0 {
        fill_up(&frame)
    } else {
        frame
    }
}

/// Zeros up to the 60 bytes that Ethernet wants.
pub(crate) fn fill_up(frame: &Frame) -> Frame {
    let missing = 60_usize.saturating_sub(frame.len());
    frame.clone().padded(&vec![0; missing])
}

fn packet(random: &mut Random) -> Packet {
    let words = random.number(0..=10);
    let words = usize::try_from(words).unwrap_or(0);
    match random.number(0..=9) {
        0 => {
            let ether_type = *random.one_of(&OTHER_ETHER_TYPES);
            network::other(random, ether_type)
        }
        1..=4 => segment(random).over_ipv6(random),
        5..=7 => segment(random).over_ipv4(random, 0),
        _ => segment(random).over_ipv4(random, words),
    }
}

fn segment(random: &mut Random) -> Segment {
    let len = *random.one_of(&[0, 1, 2, 9, 30, 64]);
    let payload = random.bytes(len);
    let words = usize::try_from(random.number(0..=10)).unwrap_or(0);
    match random.number(0..=9) {
        0 => {
            let protocol = *random.one_of(&OTHER_PROTOCOLS);
            transport::other(random, protocol)
        }
        1..=4 => udp(random, &payload),
        _ => {
            let flags = random.bytes(1)[0];
            tcp(random, flags, words, &payload)
        }
    }
}
