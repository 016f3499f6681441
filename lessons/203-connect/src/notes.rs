//! What this lesson knows about failures, before the general table is asked.

mod ends;
mod outcomes;
mod times;

use harness::diagnosis::{Case, Diagnosis, Note};
use harness::failure::{Actual, Expected};
use harness::output::Stream;
use harness::transcript::What;

pub(crate) const NOTES: &[Note] = &[
    panics,
    outcomes::on_the_wrong_stream,
    outcomes::says_more_than_the_outcome,
    ends::swapped,
    ends::own_end_twice,
    ends::asked_too_early,
    ends::no_brackets,
    outcomes::not_asked_for_the_error,
    outcomes::in_progress_is_no_error,
    outcomes::time_is_up_has_no_number,
    outcomes::two_kinds_of_unreachable,
    outcomes::port_out_of_range,
    outcomes::not_looked_at_the_error,
    outcomes::another_word,
    outcomes::no_word,
    outcomes::status,
    ends::never_calls,
    ends::resets,
    times::too_long,
    times::too_short,
    times::does_not_end,
];

/// What was due on standard output, without its quotes, and what was printed in its place.
fn printed<'a>(case: &Case<'a>) -> Option<(&'a str, &'a str)> {
    let due = due(case)?;
    match &case.failure.actual {
        Actual::Other { .. } => Some((due, case.evidence().output.first()?)),
        _ => None,
    }
}

/// What was due on standard output, without its quotes.
fn due<'a>(case: &Case<'a>) -> Option<&'a str> {
    match &case.failure.expected {
        Expected::Print {
            stream: Stream::Output,
            what,
        } => Some(what.trim_matches('`')),
        _ => None,
    }
}

/// Whether the grader's server has seen the program connect.
fn has_arrived(case: &Case<'_>) -> bool {
    let events = case.transcript.events();
    let mut events = events.iter();
    events.any(|event| matches!(event.what, What::Accepts { .. }))
}

/// Whether the program has panicked, at a todo!() too.
fn has_panicked(case: &Case<'_>) -> bool {
    let mut error = case.evidence().error.iter();
    error.any(|line| line.contains("panicked at"))
}

fn panics(case: &Case<'_>) -> Option<Diagnosis> {
    let mut error = case.evidence().error.iter();
    let has_begun = !error.any(|line| line.contains("not yet implemented"));
    (has_panicked(case) && has_begun).then(|| {
        Diagnosis::new(
            "panics",
            if due(case) == Some("error") {
                "Your program panicked: its last lines say where. What a user types may be anything, and \
                 parse() returns an error for what is no address. That is an outcome as any other: \
                 print `error` and end with status 4. unwrap() and expect() are for what cannot happen."
            } else {
                "Your program panicked: its last lines say where. That there is no connection is nothing \
                 unusual, and telling why is what this program is for. In place of unwrap() or \
                 expect(), match on the error, print its word and end with its status."
            },
        )
    })
}
