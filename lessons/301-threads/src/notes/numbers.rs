//! The number before the line.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    match (&case.failure.expected, &case.failure.actual) {
        (Expected::Bytes { .. }, Actual::Different { difference }) if difference.from == 0 => {
            let due = number(&difference.expected)?;
            match number(&difference.actual) {
                Some(came) if came != due => Some(another_number(case, due, came)),
                Some(_) => None,
                None => Some(no_number()),
            }
        }
        (Expected::Bytes { payload }, Actual::Nothing { .. }) => {
            let other = case.transcript.other_receiver(case.peer(), payload)?;
            Some(answered_another(case.peer(), &other))
        }
        _ => None,
    }
}

/// The number before the first space.
fn number(bytes: &[u8]) -> Option<u64> {
    let digits = bytes.split(|&b| b == b' ').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn no_number() -> Diagnosis {
    Diagnosis::new(
        "no-number",
        "An answer begins with a number in decimal digits, then comes one space, then the line. What \
         came begins in another way.",
    )
}

fn another_number(case: &Case<'_>, due: u64, came: u64) -> Diagnosis {
    let peer = case.peer();
    if came.checked_add(1) == Some(due) && due == 1 {
        return Diagnosis::new(
            "counts-from-zero",
            "The first line has the number 1, and your program says 0. Count the line first, and \
             answer it then.",
        );
    }
    if came < due && due >= 256 {
        return Diagnosis::new(
            "counts-in-too-little-room",
            format!(
                "{peer} has sent {due} lines, and your program says {came}. A u8 has no room for 256, \
                 a u16 none for 65,536. Count in a u64."
            ),
        );
    }
    if came < due {
        return Diagnosis::new(
            "counts-anew",
            format!(
                "This is line {due} of {peer}'s connection, and your program says {came}. Something sets \
                 the number back while the connection goes on. Count in a local variable of the \
                 function that serves the connection, outside of its loop."
            ),
        );
    }
    Diagnosis::new(
        "counts-for-several",
        format!(
            "This is line {due} of {peer}'s connection, and your program says {came}: it has counted \
             lines of others, too. The number belongs to one connection. Count in a local variable of \
             the function that serves it: each thread that runs the function has its own. What is \
             static, or shared, or found by an address or a descriptor belongs to several connections, \
             and outlives them."
        ),
    )
    .section("What each thread has for itself")
}

fn answered_another(peer: &str, other: &str) -> Diagnosis {
    Diagnosis::new(
        "answers-another",
        format!(
            "{other} got the answer that was meant for {peer}. Your program sends it on another \
             connection than the line came from: is there one place for \"the\" client, which the next \
             one takes over? Give each thread its own connection, and let it send there."
        ),
    )
    .section("What each thread has for itself")
}
