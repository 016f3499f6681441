//! What somebody has said: it does not come, comes changed, or comes to the wrong one.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};
use harness::transcript::What;

use super::{came, expected, nothing_came, own_name};

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    if let Expected::Answer { what } = &case.failure.expected {
        if what == super::NOTHING_MORE {
            return Some(heard_from_outside());
        }
        let lost = what.contains("lines") && nothing_came(case);
        return lost.then(lost_lines);
    }
    if let (Some(came), Some(own)) = (came(case), own_name(case))
        && came.starts_with(&format!("{own}: "))
    {
        return Some(echo(&own));
    }
    let about = case.failure.about.as_deref().unwrap_or_default();
    if about.ends_with(" has said")
        && let Actual::Different { difference } = &case.failure.actual
        && difference.from > 0
    {
        // It begins as it should, and perhaps not all of it can be shown as text.
        return Some(changed());
    }
    let expected = expected(case)?;
    let (speaker, text) = expected.split_once(": ")?;
    if speaker == "here" {
        return None;
    }
    if case.failure.about.as_deref() == Some(super::super::ALL_OF_ANOTHER) {
        return matches!(
            case.failure.actual,
            Actual::Different { .. } | Actual::Nothing { .. }
        )
        .then(lost_lines);
    }
    if nothing_came(case) {
        return Some(Diagnosis::new(
            "not-relayed",
            format!(
                "{speaker} has said something, and it has not reached {}. Everyone else in the room hears \
                 each line, as \"{speaker}: \" and the text. Did your program wait for more than the \
                 newline, or lose what came together with the line before (a BufReader that was thrown \
                 away)? Or does a thread wait for something that another holds?",
                case.peer()
            ),
        ));
    }
    let came = match came(case) {
        Some(came) => came,
        // It begins as it should.
        None if matches!(case.failure.actual, Actual::Different { .. }) => return Some(changed()),
        None => return None,
    };
    if came.trim_end() == format!("- {speaker}") && said_more(case, text) {
        return Some(Diagnosis::new(
            "loses-the-last-words",
            format!(
                "{speaker} has said a good line, and in the same piece came what ends the connection. The \
                 line counts all the same: go through what was received line by line, relay each that is \
                 complete, and look at what comes behind it only then. (Who asks poll for RDHUP hears of \
                 the end before the last words were received: only recv returning 0 is the end.)"
            ),
        ));
    }
    if came.trim_end() == format!("- {speaker}") {
        return Some(
            Diagnosis::new(
                "throws-a-member-out",
                format!(
                    "In place of what {speaker} has said came the news that {speaker} has left: your program \
                     has ended a connection for a good line. A line may have 1,000 bytes, and the newline \
                     is not counted. Or did the thread that serves {speaker} panic?"
                ),
            )
            .section("Lines"),
        );
    }
    let said = came.strip_prefix(&format!("{speaker}: "));
    Some(match said {
        Some(said) if text.starts_with(said.trim_end()) || said.trim() == text.trim() => changed(),
        Some(_) => Diagnosis::new(
            "other-text",
            "The text is not what was said. A recv may bring half a line, or several: collect the bytes \
             until a newline has come, and relay line after line.",
        )
        .section("Lines"),
        None => Diagnosis::new(
            "another-line",
            format!(
                "What came is not what {speaker} has said. Everyone else in the room hears each line, as \
                 \"{speaker}: \" and the text, and nothing besides."
            ),
        ),
    })
}

/// Whether something came behind `text` and its newline in one piece with it.
fn said_more(case: &Case<'_>, text: &str) -> bool {
    let events = case.transcript.events();
    events.iter().any(|event| match &event.what {
        What::Sends { payload } => payload
            .shown
            .strip_prefix(text)
            .is_some_and(|rest| rest.starts_with("\\n") && rest.len() > 2),
        _ => false,
    })
}

/// Who has left is still sent to.
fn heard_from_outside() -> Diagnosis {
    Diagnosis::new(
        "sends-to-who-has-left",
        "Who has ended its sending half has left the room, and your program still sends to it what is said \
         there. Take the member out of all lists at once: with its name goes its outbox, and with that its \
         connection.",
    )
    .section("Leaving")
}

fn changed() -> Diagnosis {
    Diagnosis::new(
        "changes-what-was-said",
        "The line is not what was said. Everything before the newline belongs to it: white space at both \
         ends, a CR, a zero, letters of several bytes. Take the newline off, and nothing else (no trim, no lines()). \
         And a line ends at its newline, not where a recv ends.",
    )
    .section("Lines")
}

/// A member hears itself.
pub(super) fn echo(own: &str) -> Diagnosis {
    Diagnosis::new(
        "echoes-to-the-sender",
        format!(
            "What came begins with \"{own}: \": {own} hears its own words. A line goes to everyone else; \
             the one who has said it knows it already. Leave it out where you go through the members: \
             compare names, not the texts."
        ),
    )
    .section("One room for all threads")
}

fn lost_lines() -> Diagnosis {
    Diagnosis::new(
        "loses-lines",
        "Lines were lost, or came in another order. Nobody is slow here, and all of it is a few \
         kilobytes. Each member needs a queue: first in, first out, by one thread. A queue that is full \
         after some hundred short lines is too small; the limit is 1 MiB, counted in bytes.",
    )
    .section("An outbox for each member")
}
