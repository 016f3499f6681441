//! What a failure means where files are sent: what was due, in words, and what its absence says.

mod answers;
mod files;
mod sender;

use harness::diagnosis::Note;
use harness::payload::{count, escape};

/// All that this lesson knows about failures.
pub(crate) const ALL: &[Note] = &[answers::rule, files::rule, sender::rule];

/// The answer to a file that is stored.
pub(crate) const STORED: &str = "06, which says that the file is stored";
/// The answer to a file that is not wanted.
pub(crate) const REFUSED: &str = "15, which says that the file is refused";
/// The answer to what cannot be stored.
pub(crate) const NOT_STORED: &str = "anything but 06, which says that the file is stored";

/// What a peer waits for that has sent a part of a file and ended its input.
pub(crate) const ANSWER_TO_A_PART: &str = "the answer to a part of a file";
/// What a peer waits for after something else has taken its file's name.
pub(crate) const ANSWER_TOO_EARLY: &str = "the answer to a file whose name is taken meanwhile";

/// What a receiver waits for first.
pub(crate) const HEADER: &str = "the header: length of the name, name, size";
/// What it waits for then.
pub(crate) const CONTENT: &str = "the content of the file";

/// Why the sender should end with status 0.
pub(crate) const IS_STORED: &str = "the end of a sender whose file is stored";
/// Why it should end with status 1.
pub(crate) const IS_REFUSED: &str = "the end of a sender whose file is refused";
/// The same.
pub(crate) const NO_ANSWER: &str = "the end of a sender that got no answer";
/// The same.
pub(crate) const NOBODY: &str = "the end of a sender that nobody listens to";
/// The same.
pub(crate) const NO_SUCH_SOURCE: &str = "the end of a sender whose file is not there";
/// What it comes to where both ends are the program's.
pub(crate) const BETWEEN_THE_TWO: &str = "the end of a sender whose receiver is the same program";

/// A file that was said to be stored is synced.
pub(crate) const SYNCED: &str = "the file to be on the disk when 06 comes";
/// It is not.
pub(crate) const NOT_SYNCED: &str = "the kernel has it in memory only";
/// Why the check has no verdict though all that could be seen was right.
pub(crate) const SYNC_IS_NOT_SEEN: &str = "the file is stored and complete, but whether it was synced this \
     machine does not show: its folders for temporary files lie in memory, or where nothing counts it";
/// No file that was said to be stored.
pub(crate) const NO_SUCH_FILE: &str = "there is no file of that name";
/// A file of another content.
pub(crate) const NOT_WHAT_WAS_SENT: &str = "it holds something else, or a part";
/// While a file arrives it is not to be seen.
pub(crate) const NOT_BEFORE_ITS_END: &str = "no file of that name before its last byte has come";
/// It is.
pub(crate) const IS_THERE: &str = "there is one";
/// What was there before has been changed.
pub(crate) const NOT_WHAT_IT_WAS: &str = "it is not what it was";

/// What a peer waits for that has sent a file of this name.
pub(crate) fn answer_to(name: &str) -> String {
    format!("{ANSWER_TO}{}", shown(name))
}

const ANSWER_TO: &str = "the answer to a file with the name ";

/// Which name comes next, for the transcript.
pub(crate) fn next(name: &str) -> String {
    format!("a file with the name {}", shown(name))
}

/// A name as a reader can tell it from others.
fn shown(name: &str) -> String {
    const MOST: usize = 40;
    let len = name.len();
    if len <= MOST {
        return format!("\"{}\"", escape(name.as_bytes()));
    }
    let start: String = name.chars().take(4).collect();
    format!("\"{}…\" of {}", escape(start.as_bytes()), count(len))
}

/// What a file that is stored holds.
pub(crate) fn content_of(name: &str) -> String {
    format!("{} in DIR{CONTENT_OF}", shown(name))
}

const CONTENT_OF: &str = " to hold what was sent, when 06 has come";

/// How a file differs from what was sent.
pub(crate) fn other_content(found: &[u8], sent: &[u8]) -> String {
    match (found.len(), sent.len()) {
        (found, sent) if found == sent => "it holds other bytes".into(),
        (found, sent) => format!("it holds {} and should hold {}", count(found), count(sent)),
    }
}

/// What is in DIR when nothing arrives.
pub(crate) fn only(names: &[&str]) -> String {
    match names {
        [] => format!("{NOTHING_LEFT} in DIR"),
        [name] => format!("{NOTHING_LEFT} in DIR but {}", shown(name)),
        _ => format!("{NOTHING_LEFT} in DIR but these {} files", names.len()),
    }
}

const NOTHING_LEFT: &str = "nothing to be left";

/// What is there in its place.
pub(crate) fn list(found: &[String]) -> String {
    match found {
        [] => "it is empty".into(),
        names => {
            let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
            format!("it holds {}", names.join(", "))
        }
    }
}

/// What a refused name changes.
pub(crate) fn nothing_changes(name: &str) -> String {
    format!("{NO_CHANGE} the name {}", shown(name))
}

const NO_CHANGE: &str = "no file to change or appear for";

/// What becomes of what has the name already.
pub(crate) fn is_kept(name: &str) -> String {
    format!("{KEPT}{}", shown(name))
}

const KEPT: &str = "everything to stay as it was after a refusal of ";
