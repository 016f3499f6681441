//! Other bytes came than were expected, or more.

use super::{Case, Diagnosis};
use crate::failure::{Actual, Expected};
use crate::payload::{Difference, Payload, count};

/// What UTF-8 decoders put in place of bytes that are not text.
const REPLACEMENT: [u8; 3] = [0xef, 0xbf, 0xbd];

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    match (&case.failure.expected, &case.failure.actual) {
        (_, Actual::Different { difference }) => Some(different(case, difference)),
        (Expected::Silence | Expected::End, Actual::TooMuch { extra }) => {
            Some(too_much(case, extra))
        }
        _ => None,
    }
}

fn different(case: &Case<'_>, difference: &Difference) -> Diagnosis {
    let at = difference.offset - difference.from;
    let came = &difference.actual[at..];
    let expected = &difference.expected[at..];
    if REPLACEMENT.starts_with(&came[..came.len().min(3)]) && expected[0] >= 0x80 {
        return Diagnosis::new(
            "converts-to-text",
            "Where the client sent bytes that are not UTF-8, your program sent the replacement \
             character (ef bf bd). It takes the bytes for text on the way: keep them as bytes, &[u8], \
             from recv to send.",
        );
    }
    if came[0] == b'\n' && expected.starts_with(&came[1..]) {
        return adds_a_newline();
    }
    if repeats(case, difference) {
        return Diagnosis::new(
            "sends-again",
            "What came here is an earlier message, which had come back already. Send what one recv has \
             brought, once: look for a send that is called twice, or for a buffer that still holds \
             what was sent before.",
        );
    }
    if came.iter().all(|&byte| byte == 0) {
        return Diagnosis::new(
            "sends-the-whole-buffer",
            "Zero bytes came that nobody had sent. Your program sends its whole buffer: recv returns \
             how many bytes it has put there, so send only those, &buffer[..n].",
        );
    }
    if let Some(missing) = difference.left_out {
        return Diagnosis::new(
            "leaves-bytes-out",
            format!(
                "What came here belongs further back in the answer: {} or more in between were never \
                 sent. A send may take less than it is given, and on a socket that does not block it may \
                 take nothing: it returns how many bytes it took. Keep the others, and send them before \
                 anything else.",
                count(missing)
            ),
        );
    }
    let len = came.len().min(expected.len());
    if came[..len].eq_ignore_ascii_case(&expected[..len]) {
        return Diagnosis::new(
            "other-case",
            "The letters are right, but capitals came where small ones were due, or the other way \
             round. Send the bytes as they are meant to be: no to_uppercase, no to_lowercase.",
        );
    }
    Diagnosis::new(
        "other-bytes",
        "The answer is not what the lesson asks for. The first byte that differs is marked above: what \
         did your program do with the bytes before they were sent?",
    )
}

/// Whether what came in place of the expected is what the peer had sent before that.
fn repeats(case: &Case<'_>, difference: &Difference) -> bool {
    let sent = case.transcript.sent(case.peer());
    let before = sent.iter().rev().nth(1);
    before.is_some_and(|before| {
        before.len > difference.offset && before.agrees_at(difference.from, &difference.actual)
    })
}

fn adds_a_newline() -> Diagnosis {
    Diagnosis::new(
        "adds-a-newline",
        "After the answer a newline came that nobody had sent. println! and writeln! add one: use \
         write_all with exactly the bytes that belong on the wire.",
    )
}

fn too_much(case: &Case<'_>, extra: &Payload) -> Diagnosis {
    if extra.hex && extra.shown.split(' ').all(|pair| pair == "00") {
        return Diagnosis::new(
            "sends-the-whole-buffer",
            "After the answer zero bytes came: the rest of a buffer that was only filled in part. Send \
             the part that was filled and nothing else, &buffer[..n].",
        );
    }
    let sent = case.failure.after.as_ref();
    // What was taken before shows that in this protocol the program may speak first.
    if sent.is_none() && case.transcript.bytes_received(case.peer()) == extra.len {
        return Diagnosis::new(
            "speaks-unasked",
            "Your program sent something before the client had said anything. In this protocol the \
             client speaks first: accept, and wait in recv.",
        );
    }
    let before = case.transcript.bytes_received(case.peer()) - extra.len;
    if sent.is_some_and(|sent| extra.shown == sent.shown && before >= sent.len) {
        return Diagnosis::new(
            "answers-twice",
            "The same came back a second time. Look for a send that is called twice for what one recv \
             has brought.",
        );
    }
    if extra.shown == "\\n" || extra.shown == "\\r\\n" {
        return adds_a_newline();
    }
    if case.failure.expected == Expected::End {
        return Diagnosis::new(
            "speaks-at-the-end",
            format!(
                "Where the connection should end, your program sent {} first. Only what the lesson asks \
                 for belongs on the wire: close, and send nothing more.",
                extra.quoted()
            ),
        );
    }
    Diagnosis::new(
        "too-much",
        "More came than the lesson asks for. Send what belongs to the answer and nothing else; where \
         one answer ends the other side can only know from the protocol.",
    )
}
