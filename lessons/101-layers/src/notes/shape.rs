//! The lines are not what the lesson asks for, whatever is in the frame.

use harness::diagnosis::{Case, Diagnosis};

use super::count;

pub(super) fn no_empty_line(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    if !expected.is_empty() || !(printed.starts_with("physical") || printed.starts_with("error")) {
        return None;
    }
    if printed.starts_with("error") && case.misprint()?.0.right.len() > 1 {
        return None;
    }
    Some(Diagnosis::new(
        "no-empty-line",
        "The next frame's answer came where this one's should have ended. After each answer, also after \
         an error, comes an empty line: println!() without anything in it.",
    ))
}

pub(super) fn empty_application(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    if !expected.is_empty() || !printed.starts_with("application:") {
        return None;
    }
    Some(
        Diagnosis::new(
            "empty-application",
            "Nothing is inside this segment, so there is nothing that an application could get: no \
             application line is printed. Such segments are common: they open a connection, \
             acknowledge, or end it.",
        )
        .section("What is inside"),
    )
}

pub(super) fn one_byte(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, expected, printed) = case.misprint()?;
    if count(expected) != Some(1) || expected.strip_suffix('s') != Some(printed) {
        return None;
    }
    Some(Diagnosis::new(
        "one-byte",
        "The lesson asks for `bytes` in every case, also for 1: other programs read these lines, and one \
         form is easier for them than two.",
    ))
}

pub(super) fn carriage_return(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, _, printed) = case.misprint()?;
    if due.error || !due.input.ends_with("\\r") || !printed.starts_with("error") {
        return None;
    }
    Some(Diagnosis::new(
        "keeps-the-cr",
        "This line ends with a carriage return (\\r) before its newline, as lines from Windows do. It is \
         no part of the frame: take it away (strip_suffix('\\r')) before you look at the digits. \
         BufRead::lines does that by itself.",
    ))
}
