//! The program as a sender: its header, its content, its exit status.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::Waits;
use harness::failure::{Actual, Expected};
use harness::payload::Difference;

use super::{
    BETWEEN_THE_TWO, CONTENT, HEADER, IS_REFUSED, IS_STORED, NO_ANSWER, NO_SUCH_SOURCE, NOBODY,
};

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    // A panic says most itself.
    if case.evidence().status == Some(101) {
        return None;
    }
    match (&case.failure.expected, &case.failure.actual) {
        (Expected::Arrival { .. }, _) => Some(never_connected(case)),
        (Expected::Bytes { payload }, actual) => match case.failure.about.as_deref()? {
            HEADER => header(payload.len, actual),
            CONTENT => content(actual),
            about if about.starts_with("MiB") => content(actual),
            _ => None,
        },
        (Expected::Silence, Actual::TooMuch { .. }) => too_much(case),
        (Expected::Exit { .. }, actual) => status(case, actual),
        _ => None,
    }
}

fn never_connected(case: &Case<'_>) -> Diagnosis {
    let said = case.evidence().error.last();
    let said = said.map_or(String::new(), |said| format!(" It said \"{said}\"."));
    Diagnosis::new(
        "never-connected",
        format!(
            "`send-file send ADDRESS FILE` connects to ADDRESS, where a receiver listens, and sends the \
             file. Your program did not connect.{said}"
        ),
    )
}

const WHOLE_PATH: &str = "The name in the header is FILE's last component, and nothing else: what comes \
    after the last slash, file_name() in Rust. Where the file lies on the sender's machine is nobody's \
    business, and a receiver refuses a name with a slash.";

/// The header was another.
fn header(len: usize, actual: &Actual) -> Option<Diagnosis> {
    const SIZE: usize = 8;
    let text = match actual {
        Actual::Different { difference } if difference.offset < 2 => name_length(difference),
        Actual::Different { difference } if difference.offset < len - SIZE => WHOLE_PATH,
        Actual::Different { .. } => {
            "The size is another than the file's. It is eight bytes, a u64, with the highest byte first: \
             to_be_bytes. to_ne_bytes gives this machine's order, which is mostly the other one."
        }
        Actual::Nothing { .. } | Actual::Ended { .. } | Actual::Reset { .. } => {
            "The header did not come, or not all of it: two bytes for the length of the name, the name, \
             eight bytes for the size. A program that writes through a BufWriter must flush it before it \
             waits for the answer."
        }
        _ => return None,
    };
    Some(Diagnosis::new("another-header", text).section("A header says what follows"))
}

fn name_length(difference: &Difference) -> &'static str {
    let at = difference.offset - difference.from;
    if difference.from == 0 && difference.actual.get(2) == Some(&b'/') {
        return WHOLE_PATH;
    }
    match (difference.offset, difference.actual.get(at)) {
        (0, Some(1..)) => {
            "The header begins with the length of the name, two bytes, a u16, with the highest byte first: \
             to_be_bytes. Yours begins with another byte: is the lowest byte first, or does something come \
             before the length?"
        }
        (0, _) => "The header begins with the length of the name, two bytes, a u16, big-endian.",
        _ => {
            "The length of the name is not what it should be. It counts bytes, as they go over the wire, \
             not letters: in UTF-8 an ü has two. In Rust len() counts bytes, chars().count() letters. And \
             two bytes are enough: a u32 has four."
        }
    }
}

/// The content was another.
fn content(actual: &Actual) -> Option<Diagnosis> {
    let text = match actual {
        Actual::Different { .. } => {
            "The content does not arrive as it is in the file. Send the bytes as they are, each once and \
             in order, with nothing between header and content, and of a buffer only what read has put \
             there: &buffer[..n]."
        }
        Actual::Nothing { .. } => {
            "Not all of the file has come, and your program sends no more. read may bring less than there \
             is and write may take less than it is given: go on until all is sent (io::copy, write_all)."
        }
        Actual::Ended { .. } | Actual::Reset { .. } => {
            "The connection ended before all of the file had come. Send as many bytes as the size says, \
             and keep the connection until the answer is there."
        }
        _ => return None,
    };
    Some(Diagnosis::new("another-content", text).section("A header says what follows"))
}

/// Something came to carol that should not have.
fn too_much(case: &Case<'_>) -> Option<Diagnosis> {
    if case.peer() != "carol" {
        return None;
    }
    let text = if case.evidence().exit.is_some() {
        "There is no file that could be sent, and your program has sent something all the same. Open the \
         file first: if that fails there is nothing to say, and nobody to say it to."
    } else {
        "After the content more came than the size says. Nothing follows it: no newline, no second file."
    };
    Some(Diagnosis::new("sends-too-much", text))
}

/// It ended with another status, or not at all.
fn status(case: &Case<'_>, actual: &Actual) -> Option<Diagnosis> {
    let about = case.failure.about.as_deref()?;
    if let Actual::Nothing { .. } = actual {
        return Some(goes_on(case, about));
    }
    let text = match about {
        IS_STORED => {
            "The receiver has answered 06: the file is stored, and the exit status should be 0. What has \
             your program taken for a failure? The connection may be closed after the answer; one byte is \
             all that you need to receive."
        }
        IS_REFUSED => {
            "The receiver has answered 15, refused: the exit status should be 1. That everything was sent \
             does not say that anything was stored. Receive the answer and look at it: only 06 is a yes."
        }
        NO_ANSWER => {
            "The receiver has left without an answer: nobody knows what became of the file, so that is a \
             failure, status 1. recv returning 0 is no answer, and an error is none."
        }
        NOBODY => "Nobody listens at ADDRESS: that is a failure, status 1.",
        NO_SUCH_SOURCE => "The file is not there: that is a failure, status 1.",
        BETWEEN_THE_TWO => {
            "Here your program is at both ends. What the one end sends the other receives, so look at \
             which of the two was not content: the lines above name them receiver and sender."
        }
        _ => return None,
    };
    Some(Diagnosis::new("another-status", text).section("The two ends"))
}

fn goes_on(case: &Case<'_>, about: &str) -> Diagnosis {
    let waits = case.thread(Waits::ToReceive).is_some();
    let text = match about {
        BETWEEN_THE_TWO if waits => {
            "Here your program is at both ends, and each end waits for the other in recv. There are two \
             ways to that. Either not all of the file was sent (one read brings a part of it), and the \
             receiver waits for the rest. Or the answer has come, and each waits until the other closes: \
             either side may close, so neither can wait for it. The answer is one byte; when it is there, \
             leave."
        }
        _ if waits => {
            "Your program waits in recv though the answer is there, or can no longer come. The answer is \
             one byte: receive one, not all until the end; and take an end before it for a failure."
        }
        _ => {
            "Your program should have ended: it ends when the answer is there, and when no answer can \
             come any more."
        }
    };
    Diagnosis::new("does-not-end", text).section("The two ends")
}
