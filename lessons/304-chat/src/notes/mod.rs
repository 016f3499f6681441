//! What only this lesson can say about a failure: the general rules know of answers, and here most that
//! comes was said by somebody else.

mod entry;
mod news;
mod relayed;
mod slow;

use harness::diagnosis::{Case, Note};
use harness::failure::{Actual, Expected};

/// What a client waits for that was not asked yet.
pub(crate) const QUESTION: &str = "the question for its name";
/// What a newcomer waits for.
pub(crate) const LIST: &str = "the list of those present";
/// What a client waits for whose name is refused.
pub(crate) const AN_ERROR: &str = "a line that begins with \"error: \"";
/// What one who has left expects of what is said then.
pub(crate) const NOTHING_MORE: &str = "nothing of what is said in the room that it has left";
/// What one who reads expects while another does not.
pub(crate) const NEXT: &str = "the next line of it";
/// What a member who has not read for a while expects.
pub(crate) const WHOLE_LINES: &str = "whole lines, in the order in which they were said";

/// In the order in which they are asked.
pub(crate) const ALL: &[Note] = &[slow::note, entry::note, news::note, relayed::note];

/// What the case's peer was expected to hear, as far as it is kept, without its newline.
fn expected(case: &Case<'_>) -> Option<String> {
    let Expected::Bytes { payload } = &case.failure.expected else {
        return None;
    };
    Some(payload.shown.trim_end_matches("\\n").to_owned())
}

/// What came in its place, if that is another line.
fn came(case: &Case<'_>) -> Option<String> {
    match &case.failure.actual {
        Actual::Different { difference } if difference.from == 0 => {
            Some(String::from_utf8_lossy(&difference.actual).into_owned())
        }
        Actual::TooMuch { extra } => Some(extra.shown.replace("\\n", "\n")),
        Actual::Answer { payload } => Some(payload.shown.clone()),
        _ => None,
    }
}

fn nothing_came(case: &Case<'_>) -> bool {
    // A program that has ended has said why; a queue that nobody serves has a rule of its own.
    matches!(case.failure.actual, Actual::Nothing { .. })
        && case.evidence().exit.is_none()
        && !case.connection().is_some_and(|socket| socket.queued)
}

/// The name that the case's peer has given.
fn own_name(case: &Case<'_>) -> Option<String> {
    let sent = case.transcript.sent(case.peer());
    let sent: String = sent.into_iter().map(|payload| payload.shown).collect();
    let (name, _) = sent.split_once("\\n")?;
    Some(name.to_owned())
}
