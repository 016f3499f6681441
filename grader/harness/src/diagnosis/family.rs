//! A socket of one address family and an address of another.

use super::{Case, Diagnosis};
use crate::payload::visible;

/// What the C library says for EAFNOSUPPORT (`man 3 errno`).
const MISMATCH: &str = "Address family not supported";

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let mut lines = case.evidence().error.iter();
    let said = visible(lines.rfind(|line| line.contains(MISMATCH))?);
    Some(Diagnosis::new(
        "wrong-family",
        format!(
            "Your program said \"{said}\". A socket belongs to one family of addresses from the start: \
             AF_INET for 127.0.0.1, AF_INET6 for [::1]. Look at the address first, and open a socket of \
             its family."
        ),
    ))
}
