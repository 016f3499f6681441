//! What this lesson knows about failures, before the general table is asked.

mod ending;
mod printing;
mod sending;

use harness::diagnosis::{Case, Note};

pub(crate) const NOTES: &[Note] = &[
    ending::panicked,
    ending::never_connected,
    sending::half_is_open,
    sending::too_much,
    sending::other_bytes,
    sending::not_all,
    printing::both_are_sending,
    printing::not_received,
    printing::sent_after_its_end,
    printing::ended_first,
    printing::not_all,
    printing::not_printed,
    printing::other_bytes,
    printing::too_much,
    ending::goes_on,
    ending::wrong_status,
    ending::complains_elsewhere,
];

/// Whether the program has ended by a panic.
fn has_panicked(case: &Case<'_>) -> bool {
    let mut error = case.evidence().error.iter();
    error.any(|line| line.contains("panicked at"))
}

/// What UTF-8 decoders put in place of bytes that are not text.
const REPLACEMENT: [u8; 3] = [0xef, 0xbf, 0xbd];
