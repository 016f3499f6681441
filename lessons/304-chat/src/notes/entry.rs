//! At the door: the question, the list of those present, and names that are refused.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};

use super::{AN_ERROR, came, expected, nothing_came, own_name};

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    if matches!(&case.failure.expected, Expected::Answer { what } if what == AN_ERROR) {
        return not_refused(case);
    }
    let expected = expected(case)?;
    let came = came(case);
    if expected == "name?" {
        return came.map(|_| {
            Diagnosis::new(
                "another-question",
                "The first thing that each client gets is the line name? and nothing else: five \
                 characters and a newline, no space. A program reads it, and waits for the newline.",
            )
        });
    }
    let is_list = expected == "here:" || expected.starts_with("here: ");
    if !is_list {
        return None;
    }
    match came {
        Some(came) => list(case, &expected, &came),
        // It begins as it should.
        None => matches!(case.failure.actual, Actual::Different { .. }).then(another_list),
    }
}

/// A name was to be refused, and was not, or in another way.
fn not_refused(case: &Case<'_>) -> Option<Diagnosis> {
    let sent = case.failure.after.as_ref()?;
    let taken = case.transcript.other_sender(case.peer(), sent);
    let (rule, meaning) = match (&case.failure.actual, came(case), taken) {
        (_, Some(came), Some(other)) if came.starts_with("here:") => (
            "lets-in-a-twin",
            format!(
                "{other} is in the room under this very name, and your program let in another. Then \
                 nobody knows who speaks. Look for the name among the members before you let a client \
                 in, and hold the lock from the look until the newcomer is in."
            ),
        ),
        (_, Some(came), None) if came.starts_with("here:") => (
            "lets-in-a-bad-name",
            format!(
                "Your program let in a client whose name is {}. A name has 1 to 16 bytes, and each of \
                 them is an ASCII letter or a digit: is_ascii_alphanumeric says so. A space, an é, the \
                 CR before a newline are none of them, and nothing is to be taken off (trim) before \
                 you look.",
                sent.quoted()
            ),
        ),
        (Actual::Ended { .. } | Actual::Reset { .. }, ..) => (
            "refuses-without-a-word",
            "Your program closed the connection and did not say why. Whoever has chosen a bad name \
             wants to know that: send a line that begins with \"error: \", and close then."
                .into(),
        ),
        (Actual::Nothing { .. }, ..) if nothing_came(case) => (
            "neither-in-nor-out",
            "The first line is the name, also if it is empty: an empty name is a bad one. Your program \
             goes on waiting in place of an error."
                .into(),
        ),
        _ => return None,
    };
    Some(Diagnosis::new(rule, meaning).section("Names"))
}

/// The list of those present is another one.
fn list(case: &Case<'_>, expected: &str, came: &str) -> Option<Diagnosis> {
    if came.starts_with("error") {
        return Some(
            Diagnosis::new(
                "refuses-a-good-name",
                "Your program refused a name that it has to take: 1 to 16 ASCII letters and digits, \
                 which nobody in the room has at the moment. Who has left no longer has one, and alice \
                 and ALICE are two names. Or is there a limit to the number of members?",
            )
            .section("Names"),
        );
    }
    let names = came.strip_prefix("here:")?.trim_end_matches('\n');
    let listed: Vec<&str> = names.split(',').map(str::trim).collect();
    if expected == "here:" {
        return Some(Diagnosis::new(
            "a-list-of-nobody",
            "The room is empty, so the line is here: and the newline, without even a space. The list is of \
             those who were in the room before: make it before you add the newcomer. And where no names \
             follow, no space comes before them.",
        ));
    }
    if own_name(case).is_some_and(|own| listed.contains(&&own[..])) {
        return Some(Diagnosis::new(
            "lists-the-newcomer",
            "The newcomer itself is on the list. The list is of those who were in the room before: make it \
             before you add the newcomer.",
        ));
    }
    Some(another_list())
}

fn another_list() -> Diagnosis {
    Diagnosis::new(
        "another-list",
        "The list holds all who are in the room, in the order in which they joined, with a comma and a \
         space between two of them, however many they are. Keep the members in a Vec, add new ones at the \
         end, and take them out with retain or remove: a HashMap and a BTreeMap have an order of their own, \
         and swap_remove puts the last one into the gap. Who has left is not here.",
    )
}
