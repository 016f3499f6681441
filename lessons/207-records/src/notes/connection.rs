//! No answer at all: the connection was closed, or the program is silent.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::Waits;
use harness::failure::{Actual, Expected};
use harness::transcript::What;

use crate::NOT_UTF_8;
use crate::request::AN_ERROR;

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    if let (Expected::Silence, Actual::Ended { .. } | Actual::Reset { .. }) =
        (&case.failure.expected, &case.failure.actual)
    {
        return Some(closes_after_an_error());
    }
    let Expected::Answer { what } = &case.failure.expected else {
        return None;
    };
    // A program that has ended has said why; a queue that nobody serves has a rule of its own.
    if case.evidence().exit.is_some() || case.connection().is_some_and(|socket| socket.queued) {
        return None;
    }
    let bad = what.starts_with(AN_ERROR);
    let (rule, meaning) = match &case.failure.actual {
        Actual::Ended { .. } | Actual::Reset { .. } if what.contains(NOT_UTF_8) => (
            "reads-lines-as-text",
            "The line holds a byte that is not UTF-8, and your program closed the connection. In Rust, \
             read_line and lines() make a String of each line and end with an error where there is none \
             to be made. A line from the network is bytes: read it with read_until(b'\\n', &mut bytes), \
             and let serde_json::from_slice say that it is not JSON.",
        ),
        Actual::Ended { .. } | Actual::Reset { .. } if bad => (
            "closes-on-a-bad-line",
            "Your program closed the connection because the line was no good. The client will never \
             know what was wrong, and cannot ask again. Whatever is wrong with a line is an answer: \
             {\"error\":\"…\"}, with words of your own. The ? operator leaves the function, and with it \
             the connection: turn the error into an answer with match.",
        ),
        Actual::Ended { .. } | Actual::Reset { .. } if last_answer_was_an_error(case) => {
            return Some(closes_after_an_error());
        }
        Actual::Nothing { .. } if bad && case.waits_on_peer(Waits::ToReceive) => (
            "ignores-bad-lines",
            "Your program received the bad line and waits for the next without a word. The client waits, \
             too, for an answer that never comes. Whatever is wrong with a line is an answer: \
             {\"error\":\"…\"}, with words of your own.",
        ),
        Actual::Nothing { .. } if case.waits_on_peer(Waits::ToReceive) => (
            "waits-for-more-than-a-line",
            "A whole line has come, with its newline, and your program waits in recv for more. Does it \
             wait for the end of the connection, or for a full buffer? Answer each line when its newline \
             has come.",
        ),
        _ => return None,
    };
    Some(Diagnosis::new(rule, meaning).section("Errors are answers"))
}

fn closes_after_an_error() -> Diagnosis {
    Diagnosis::new(
        "closes-after-an-error",
        "Your program answered the bad line with an error, and then closed the connection. After an \
         error the conversation goes on: the client may ask again.",
    )
    .section("Errors are answers")
}

fn last_answer_was_an_error(case: &Case<'_>) -> bool {
    let events = case.transcript.events();
    let last = events.iter().rev().find_map(|event| match &event.what {
        What::Receives { payload, .. } => Some(payload.shown.contains("error")),
        _ => None,
    });
    last == Some(true)
}
