//! The transport layer's line: ports, flags, and how much is inside.

use harness::diagnosis::{Case, Diagnosis};

use super::{Look, ports as ports_of};
use crate::frames::LINK;

pub(super) fn ports(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    let (from, to) = ports_of(expected)?;
    let came = ports_of(printed)?;
    if came == (from.swap_bytes(), to.swap_bytes()) {
        let (other, _) = came;
        return Some(
            Diagnosis::new(
                "little-endian-ports",
                format!(
                    "The two bytes of each port came in the opposite order: {from} is {from:04x}, and \
                     {other:04x} is {other}. On the network the more significant byte comes first, \
                     whatever your machine does with its own numbers. Use u16::from_be_bytes (be: \
                     big-endian) for every number in a header."
                ),
            )
            .section("Numbers on the wire"),
        );
    }
    if came == (to, from) {
        return Some(
            Diagnosis::new(
                "ports-swapped",
                "Source and destination port have changed places: in UDP and TCP the source comes first.",
            )
            .section("The transport layer: UDP and TCP"),
        );
    }
    None
}

/// A TCP header that is taken for one of 20 bytes.
pub(super) fn options(case: &Case<'_>) -> Option<Diagnosis> {
    let look = Look::at(case)?;
    let (expected, printed) = look.counts()?;
    let offset = *look.frame.get(LINK + look.network_length()? + 12)?;
    let words = usize::from(offset >> 4);
    if look.protocol() != Some(6) || words <= 5 || printed != expected + 4 * (words - 5) {
        return None;
    }
    Some(
        Diagnosis::new(
            "tcp-options",
            format!(
                "Your program takes the payload for longer than it is, by {more} bytes: the TCP header \
                 has {length} bytes here, not 20. Byte 12 of it is {offset:02x}: its upper half, the data \
                 offset, says {words} words of four bytes. What goes beyond the first 20 bytes are \
                 options.",
                more = 4 * (words - 5),
                length = 4 * words,
            ),
        )
        .section("The transport layer: UDP and TCP"),
    )
}

/// What lies behind the packet is counted.
pub(super) fn padding(case: &Case<'_>) -> Option<Diagnosis> {
    let look = Look::at(case)?;
    let (expected, printed) = look.counts()?;
    let surplus = look.frame.len().checked_sub(look.end()?)?;
    if surplus == 0 || printed != expected + surplus {
        return None;
    }
    let (field, says) = if look.is_ipv6() {
        ("payload length", look.number(LINK + 4)?)
    } else {
        ("total length", look.number(LINK + 2)?)
    };
    Some(
        Diagnosis::new(
            "padding",
            format!(
                "Your program counts {surplus} bytes too many. The packet ends where the IP header says, \
                 by its {field}, which is {says}; what comes after it is padding, with which Ethernet \
                 fills up frames to 60 bytes. Cut the packet there before you hand on what is inside."
            ),
        )
        .section("Padding"),
    )
}

pub(super) fn flags(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    let (expected, printed) = (names(expected)?, names(printed)?);
    let sorted = |names: &str| {
        let mut names: Vec<String> = names.split(' ').map(str::to_owned).collect();
        names.sort();
        names
    };
    let meaning = if expected == printed {
        return None;
    } else if sorted(expected) == sorted(printed) {
        "These are the right flags in another order. The lesson wants the lowest bit first: FIN is 1, SYN 2, \
         RST 4, PSH 8, ACK 16, URG 32. The picture in the RFC has the highest on the left."
    } else if printed.contains("ECE") || printed.contains("CWR") {
        "The lesson asks for six flags only. The two highest bits, ECE and CWR, came later (RFC 3168) and \
         are left out."
    } else if expected == "none" {
        "None of the six flags is set in this segment. Then the word is `none`, so that nobody has to \
         wonder whether something is missing."
    } else {
        "The flags are the lower six bits of byte 13 of the TCP header: FIN is 1, SYN 2, RST 4, PSH 8, ACK \
         16, URG 32. Each bit that is set is a flag that is named."
    };
    Some(Diagnosis::new("flags", meaning).section("The transport layer: UDP and TCP"))
}

/// What stands behind `flags `.
fn names(line: &str) -> Option<&str> {
    let (_, rest) = line
        .strip_prefix("transport: TCP ")?
        .split_once(", flags ")?;
    Some(rest.rsplit_once(", ")?.0)
}
