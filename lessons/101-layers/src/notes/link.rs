//! The link layer's line.

use harness::diagnosis::{Case, Diagnosis};

pub(super) fn order(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    let (from, to) = addresses(expected)?;
    if addresses(printed)? != (to, from) {
        return None;
    }
    Some(
        Diagnosis::new(
            "destination-first",
            "Source and destination have changed places. In an Ethernet header the destination comes \
             first, so that a card can decide early whether a frame is for it. In IP, TCP and UDP the \
             source comes first. The lines are always FROM > TO.",
        )
        .section("The link layer: Ethernet"),
    )
}

fn addresses(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("link: ")?
        .split_once(", ")?
        .0
        .split_once(" > ")
}
