//! The network layer: what comes after it was looked for in a wrong place.

use harness::diagnosis::{Case, Diagnosis};

use super::{Look, ports};
use crate::frames::LINK;

pub(super) fn options(case: &Case<'_>) -> Option<Diagnosis> {
    let look = Look::at(case)?;
    let length = look.network_length()?;
    let printed = ports(look.printed)?;
    let at = LINK + 20;
    let behind_20 = (look.number(at)?, look.number(at + 2)?);
    if !look.is_ipv4()
        || length == 20
        || printed != behind_20
        || ports(look.expected) == Some(printed)
    {
        return None;
    }
    let words = length / 4;
    let first = look.packet(0)?;
    Some(
        Diagnosis::new(
            "ip-options",
            format!(
                "Your program looks for the ports behind the first 20 bytes of the IPv4 header, but this \
                 header has {length} bytes: its first byte is {first:02x}, version 4 and {words} words \
                 of four bytes. The last {more} bytes of it are options. Skip as many bytes as the \
                 header says.",
                more = length - 20
            ),
        )
        .section("The network layer: IPv4"),
    )
}

/// IPv6's length taken for that of the packet.
pub(super) fn length_of_ipv6(case: &Case<'_>) -> Option<Diagnosis> {
    let look = Look::at(case)?;
    let inside = look.number(LINK + 4)?;
    let cut = match look.counts() {
        Some((expected, printed)) => printed + 40 == expected || printed == 0 && expected < 40,
        None => look.printed.starts_with("error") && look.expected.starts_with("transport"),
    };
    if !look.is_ipv6()
        || look.due.error
        || !cut
        || usize::from(inside) + LINK + 40 > look.frame.len()
    {
        return None;
    }
    Some(
        Diagnosis::new(
            "ipv6-length",
            format!(
                "Bytes 4 and 5 of this IPv6 header say {inside}. That is what follows the header: its own \
                 40 bytes are not counted. (In IPv4 they are, which is why the field is called total \
                 length there, and payload length here.)"
            ),
        )
        .section("The network layer: IPv6"),
    )
}

/// Something that the lesson does not take apart.
pub(super) fn unknown(case: &Case<'_>) -> Option<Diagnosis> {
    let look = Look::at(case)?;
    let known = look.is_ipv4() || look.is_ipv6();
    let last = look.due.right.last()?;
    if !look.expected.is_empty() || !(last.starts_with("link") || last.starts_with("network")) {
        return None;
    }
    let what = if known {
        let protocol = look.protocol()?;
        format!("protocol {protocol}, which is neither TCP (6) nor UDP (17)")
    } else {
        let ether_type = look.number(12)?;
        format!(
            "something of type 0x{ether_type:04x}, which is neither IPv4 (0x0800) nor IPv6 (0x86dd)"
        )
    };
    Some(
        Diagnosis::new(
            "unknown-type",
            format!(
                "This header is in order, and what it carries is {what}. That is no error, and your \
                 program need not know more about it: the answer ends here, with the empty line."
            ),
        )
        .section("What is inside"),
    )
}
