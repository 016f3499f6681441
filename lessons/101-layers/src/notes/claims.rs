//! What a header claims, and what is there.

use harness::diagnosis::{Case, Diagnosis};

use super::Look;
use crate::frames::LINK;

const SECTION: &str = "What cannot be";

/// Less is there than the header says, but all headers are.
pub(super) fn cut_payload(case: &Case<'_>) -> Option<Diagnosis> {
    let look = Look::at(case)?;
    let refused = look.printed.starts_with("error");
    let other_count = look
        .counts()
        .is_some_and(|(expected, printed)| expected != printed);
    let (end, len) = (look.end()?, look.frame.len());
    if look.due.error
        || !(look.is_ipv4() || look.is_ipv6())
        || end <= len
        || !(refused || other_count)
    {
        return None;
    }
    Some(
        Diagnosis::new(
            "cut-payload",
            format!(
                "By its IP header this packet ends {} bytes later than the frame does: the end of its \
                 payload was not captured. Every header is there, so this is no error. The payload is \
                 what is there: take the smaller of the two ends.",
                end - len
            ),
        )
        .section(SECTION),
    )
}

/// Something that cannot be is taken for granted.
pub(super) fn too_much_trust(case: &Case<'_>) -> Option<Diagnosis> {
    let look = Look::at(case)?;
    if !look.due.error || look.frame.is_empty() {
        return None;
    }
    let layer = look.due.right.last()?.split(':').next()?;
    let (rule, meaning) = match layer {
        "physical" => short("Ethernet", look.frame.len(), 14),
        "link" => network(&look)?,
        _ => transport(&look)?,
    };
    Some(Diagnosis::new(rule, meaning).section(SECTION))
}

fn short(name: &str, there: usize, wanted: usize) -> (&'static str, String) {
    (
        "header-is-cut",
        format!(
            "Here {there} bytes are left, and the {name} header has {wanted}. Look how much there is \
             before you read a field: get(..n) gives None where &bytes[..n] panics."
        ),
    )
}

fn network(look: &Look<'_>) -> Option<(&'static str, String)> {
    let there = look.frame.len() - LINK;
    if look.is_ipv6() {
        if there < 40 {
            return Some(short("IPv6", there, 40));
        }
        return Some(version(look, 6));
    }
    if there < 20 {
        return Some(short("IPv4", there, 20));
    }
    let length = look.network_length()?;
    let total = look.number(LINK + 2)?;
    Some(if look.packet(0)? >> 4 != 4 {
        version(look, 4)
    } else if length < 20 {
        (
            "header-length",
            format!(
                "This IPv4 header claims to be {length} bytes long, and the fields that every one has \
                 take 20: the lower half of its first byte cannot be under 5."
            ),
        )
    } else if usize::from(total) < length {
        (
            "total-length",
            format!(
                "This packet claims to have {total} bytes in all, and its header alone has {length}. That \
                 cannot be."
            ),
        )
    } else {
        short("IPv4", there, length)
    })
}

fn version(look: &Look<'_>, expected: u8) -> (&'static str, String) {
    let version = look.packet(0).unwrap_or(0) >> 4;
    (
        "version",
        format!(
            "The frame says that it carries IPv{expected}, and the packet in it says that it is version \
             {version}: the upper half of its first byte. One of them is wrong, so nothing in this \
             header can be trusted."
        ),
    )
}

fn transport(look: &Look<'_>) -> Option<(&'static str, String)> {
    let start = LINK + look.network_length()?;
    let stated = look.end()?.saturating_sub(start);
    let there = look.frame.len().saturating_sub(start);
    let (name, fixed) = if look.protocol() == Some(6) {
        ("TCP", 20)
    } else {
        ("UDP", 8)
    };
    let words = usize::from(look.frame.get(start + 12).copied().unwrap_or(0) >> 4);
    Some(if stated < fixed && stated < there {
        (
            "header-in-the-padding",
            format!(
                "By its IP header this packet has {stated} bytes for the {name} header, which needs \
                 {fixed}. There are more bytes in the frame, but they lie behind the packet: padding is \
                 no header. Cut the packet where it says that it ends, and look for headers only in it."
            ),
        )
    } else if there < fixed {
        short(name, there, fixed)
    } else if words < 5 {
        (
            "data-offset",
            format!(
                "This TCP header claims to be {} bytes long, and the fields that every one has take 20: \
                 the data offset cannot be under 5.",
                4 * words
            ),
        )
    } else {
        short(name, there.min(stated), 4 * words)
    })
}
