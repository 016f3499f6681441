//! The way out: what the server did not get, or should not have got.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};
use harness::payload::{count, thousands};

use super::{REPLACEMENT, has_panicked};

/// The input has ended, and the server has not been told.
pub(crate) fn half_is_open(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::End, Actual::Nothing { .. }) = (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let peer = case.peer();
    Some(
        Diagnosis::new(
            "never-half-closes",
            format!(
                "Your program's standard input has ended, and {peer} does not know: the connection is \
                 still {}. {peer} answers when nothing more can come, so both wait for ever. Behind the \
                 loop that sends, end the sending half: shutdown(&connection, Shutdown::Write). To drop \
                 a clone of the connection ends nothing while another descriptor of it is open.",
                case.connection().map_or("open", |socket| socket.state)
            ),
        )
        .section("The end has two halves"),
    )
}

/// More came than there was input.
pub(crate) fn too_much(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Silence | Expected::End, Actual::TooMuch { extra }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let peer = case.peer();
    if extra.hex && extra.shown.split(' ').all(|pair| pair == "00") {
        return Some(
            Diagnosis::new(
                "sends-the-whole-buffer",
                format!(
                    "After the input {} of zeros came to {peer}. Your program sends its whole buffer: read \
                     returns how many bytes it has put there, so send only those, &buffer[..read].",
                    count(extra.len)
                ),
            )
            .section("The smallest pair"),
        );
    }
    if extra.shown == "\\n" || extra.shown == "\\r\\n" {
        return Some(
            Diagnosis::new(
                "adds-a-newline",
                "After the input a newline came that was not in it. Whoever reads lines and writes lines \
                 (lines, println!, writeln!) takes newlines away and adds them. Not every input is made \
                 of lines: read bytes into a buffer, and send just these.",
            )
            .section("Bytes are not text"),
        );
    }
    Some(Diagnosis::new(
        "sends-too-much",
        format!(
            "{peer} has got {} that was not in the input. Send what was read, once, and nothing of your \
             program's own.",
            extra.quoted()
        ),
    ))
}

/// The input was changed on its way.
pub(crate) fn other_bytes(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Bytes { .. }, Actual::Different { difference }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let at = difference.offset - difference.from;
    let (came, due) = (&difference.actual[at..], &difference.expected[at..]);
    let meaning = if came.starts_with(b"\r") && due.starts_with(b"\n") {
        "Where the input has a newline, your program sent a carriage return before it. Some protocols want \
         lines that end so; then whoever types has to type it. A netcat sends the bytes that it was given."
    } else if due.starts_with(b"\n") || due.starts_with(b"\r") {
        "Your program lost the end of a line. lines() takes the newline off, trim() takes all white space: \
         the server needs it, to know where a line ends. Read bytes into a buffer, and send just these."
    } else if REPLACEMENT.starts_with(&came[..came.len().min(3)]) {
        "Where the input has bytes that are not UTF-8, your program sent the replacement character (ef bf \
         bd). It takes the bytes for text on the way: keep them as bytes, &[u8], from read to send."
    } else {
        "What was sent is not what standard input has brought. The first byte that differs is marked above: \
         send the bytes as they were read, &buffer[..read], and nothing else."
    };
    Some(Diagnosis::new("changes-the-input", meaning).section("Bytes are not text"))
}

/// A part of the input is missing.
pub(crate) fn not_all(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Bytes { payload } = &case.failure.expected else {
        return None;
    };
    let (Actual::Ended { received } | Actual::Reset { received } | Actual::Nothing { received }) =
        &case.failure.actual
    else {
        return None;
    };
    if has_panicked(case) {
        return None;
    }
    let (peer, all) = (case.peer(), count(payload.len));
    let sent = match received.len {
        0 => format!("nothing of the {all} of input"),
        n => format!("only {} of the {all} of input", thousands(n)),
    };
    let said = match case.evidence().error.last() {
        Some(line) => format!(" It said: \"{}\".", harness::payload::visible(line)),
        None => String::new(),
    };
    let advice = if matches!(case.failure.actual, Actual::Nothing { .. }) {
        "What does it wait for? The user and the server are two: nobody has to wait for the other."
    } else if received.len == 0 && case.evidence().error.is_empty() {
        "Read standard input until read returns 0, which is its end, and send what each read has brought. Is \
         it at an end at once? read and recv return 0 also for a buffer without room, and \
         Vec::with_capacity(4096) has none yet, its length is 0: [0; 4096] has."
    } else {
        "Read standard input until read returns 0, which is its end, and send what each read has brought, \
         whatever bytes they are. A line is not the end, and neither is a line that is no text."
    };
    Some(
        Diagnosis::new(
            "input-is-missing",
            format!("{peer} has got {sent}.{said} {advice}"),
        )
        .section("Bytes are not text"),
    )
}
