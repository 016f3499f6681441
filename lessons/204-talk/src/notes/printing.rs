//! The way back: what was not printed, or printed otherwise.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::{Thread, Waits};
use harness::failure::{Actual, Expected};
use harness::output::Stream;
use harness::payload::{Payload, count};

use super::{REPLACEMENT, has_panicked};

/// What was to be printed, and what was.
fn output<'a>(case: &Case<'a>) -> Option<(&'a Payload, &'a Actual)> {
    match &case.failure.expected {
        Expected::Output { payload } if !has_panicked(case) => {
            Some((payload, &case.failure.actual))
        }
        _ => None,
    }
}

/// The thread that waits for standard input, if one does.
fn waits_for_input<'a>(case: &Case<'a>) -> Option<&'a Thread> {
    let on = "standard input";
    let mut threads = case.evidence().threads.iter();
    threads.find(|t| t.waits == Waits::ToReceive && t.on.as_deref() == Some(on))
}

/// How many bytes lie in the program's socket.
fn unread(case: &Case<'_>) -> usize {
    case.connection().map_or(0, |socket| socket.unread as usize)
}

/// Each waits until the other makes room.
pub(crate) fn both_are_sending(case: &Case<'_>) -> Option<Diagnosis> {
    output(case)?;
    let peer = case.peer();
    case.waits_on_peer(Waits::ToSend).then(|| {
        Diagnosis::new(
            "both-are-sending",
            format!(
                "Your program waits in send: {peer} takes no more, because {peer} waits, too, for room to \
                 send back. That room is your receive buffer, and nobody empties it. So each sends, and \
                 neither receives. Receive while you send: one thread for each direction (or poll, with a \
                 socket that does not block)."
            ),
        )
        .section("Two things at once")
    })
}

/// It has come, and the program does not take it.
pub(crate) fn not_received(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, Actual::Nothing { .. }) = output(case)? else {
        return None;
    };
    if unread(case) == 0 {
        return None;
    }
    let peer = case.peer();
    let why = if waits_for_input(case).is_some() {
        "and your program waits in read on standard input, where nobody types, since nobody can see what \
         the server says. Wait for both at the same time: one thread for each direction."
    } else {
        "and your program does not call recv. Call it until it returns 0, in a thread of its own."
    };
    Some(
        Diagnosis::new(
            "does-not-receive",
            format!("What {peer} sent has reached your machine, {why}"),
        )
        .section("Two things at once"),
    )
}

/// The sending half was ended, and then sent on.
pub(crate) fn sent_after_its_end(case: &Case<'_>) -> Option<Diagnosis> {
    output(case)?;
    let last = case.evidence().error.last()?;
    (last.contains("Broken pipe") && case.transcript.has_ended_input()).then(|| {
        Diagnosis::new(
            "sends-after-its-end",
            format!(
                "Your program said \"Broken pipe\": it has sent on a half that it had ended already (or {} \
                 is gone). shutdown says that no more will come. It belongs behind the loop that reads and \
                 sends, not into it: a read that brings less than the buffer holds is not the last one. \
                 Only a read that returns 0 is.",
                case.peer()
            ),
        )
        .section("The end has two halves")
    })
}

/// The program has left before the server.
pub(crate) fn ended_first(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, Actual::Exited { .. }) = output(case)? else {
        return None;
    };
    let peer = case.peer();
    if case.evidence().status == Some(0) && !case.evidence().output.is_empty() {
        return Some(
            Diagnosis::new(
                "received-once",
                format!(
                    "Your program printed what came first, and left; {peer} had more to say. recv gives \
                     what has arrived, not all there is, and a short count is not the end. Call it again \
                     and again, until it returns 0."
                ),
            )
            .section("A loop around recv"),
        );
    }
    if case.evidence().status == Some(0) && case.transcript.has_ended_input() {
        return Some(
            Diagnosis::new(
                "leaves-with-its-input",
                format!(
                    "Your program has left, and {peer} had not answered yet. The end of the input ends one \
                     half of the connection, the one on which you send: shutdown(&connection, \
                     Shutdown::Write), neither Both nor Read. On the other half stay, and print what comes, \
                     until recv returns 0 because {peer} has ended, however long that takes."
                ),
            )
            .section("The end has two halves"),
        );
    }
    let said = case.evidence().error.last();
    let said = said.map_or(String::new(), |line| {
        format!(" It said: \"{}\".", harness::payload::visible(line))
    });
    Some(Diagnosis::new(
        "leaves-too-early",
        format!(
            "Your program has ended, and what {peer} sent is not printed.{said} Print what each recv has \
             brought, until it returns 0."
        ),
    ))
}

/// A part is printed, and the program has ended or waits for more.
pub(crate) fn not_all(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, Actual::Nothing { received }) = output(case)? else {
        return None;
    };
    if received.len == 0 {
        return None;
    }
    let peer = case.peer();
    let (more, missing) = (count(due.len), count(due.len - received.len));
    if case.evidence().exit.is_some() {
        return Some(Diagnosis::new(
            "prints-a-part",
            format!(
                "Of the {more} that {peer} sent, the last {missing} are not printed, and your program has \
                 ended. A zero byte ends nothing, a newline ends nothing, and bytes that are no text are \
                 no reason to stop. Print what recv has brought, all of it: write_all(&buffer[..received])."
            ),
        ));
    }
    Some(Diagnosis::new(
        "keeps-a-part",
        format!(
            "Your program has received all that {peer} sent, and the last {missing} are not printed. Do \
             they lie in a buffer of your program's own? Flush standard output after each write."
        ),
    ))
}

/// It has been received, and nothing is printed.
pub(crate) fn not_printed(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, Actual::Nothing { .. }) = output(case)? else {
        return None;
    };
    if !case.waits_on_peer(Waits::ToReceive) {
        return None;
    }
    let (peer, line) = (case.peer(), due.shown.ends_with("\\n"));
    let where_it_is = if line {
        "Does it collect the answer (read_to_end, read_to_string)? Nobody knows when the end will come, and \
         until then the user sees nothing. Print what each recv has brought, at once, and flush."
    } else {
        "There is no newline at its end. Standard output keeps what comes after the last newline until you \
         call flush; read_line waits for a newline, and read_to_end for the end. Print what each recv has \
         brought, at once, and flush."
    };
    Some(
        Diagnosis::new(
            "received-and-not-printed",
            format!(
                "Your program has taken what {peer} sent, and waits for more, without having printed it. \
                 {where_it_is}"
            ),
        )
        .section("A loop around recv"),
    )
}

/// Something else is printed.
pub(crate) fn other_bytes(case: &Case<'_>) -> Option<Diagnosis> {
    let (_, Actual::Different { difference }) = output(case)? else {
        return None;
    };
    let peer = case.peer();
    let at = difference.offset - difference.from;
    let (came, due) = (&difference.actual[at..], &difference.expected[at..]);
    let is_text = came.iter().all(|&b| b == b' ' || b.is_ascii_graphic());
    if REPLACEMENT.starts_with(&came[..came.len().min(3)]) && due[0] >= 0x80 {
        return Some(
            Diagnosis::new(
                "converts-to-text",
                format!(
                    "Where {peer} sent bytes that are not UTF-8, your program printed the replacement \
                     character (ef bf bd). It makes text of them on the way (from_utf8_lossy). Keep them as \
                     bytes, &[u8], and write them with write_all."
                ),
            )
            .section("Bytes are not text"),
        );
    }
    if came.iter().all(|&byte| byte == 0) {
        return Some(whole_buffer());
    }
    if difference.offset == 0 && is_text {
        return Some(Diagnosis::new(
            "words-of-its-own",
            format!(
                "What is printed begins with \"{}\", which {peer} never sent. Standard output is for the \
                 server's words alone: another program may read them (talk ADDRESS > file). What is meant \
                 for people belongs on standard error: eprintln!.",
                String::from_utf8_lossy(came)
            ),
        ));
    }
    Some(Diagnosis::new(
        "prints-other-bytes",
        format!(
            "What is printed is not what {peer} sent. The first byte that differs is marked above: print \
             the bytes as they came, &buffer[..received], with write_all."
        ),
    ))
}

/// More is printed than came.
pub(crate) fn too_much(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Print {
        stream: Stream::Output,
        ..
    } = &case.failure.expected
    else {
        return None;
    };
    match &case.failure.actual {
        Actual::TooMuch { extra } if extra.hex && extra.shown.starts_with("00 00") => {
            Some(whole_buffer())
        }
        _ => None,
    }
}

fn whole_buffer() -> Diagnosis {
    Diagnosis::new(
        "prints-the-whole-buffer",
        "Zero bytes are printed that nobody had sent. Your program prints its whole buffer: recv returns how \
         many bytes it has put there, so print only those, &buffer[..received].",
    )
    .section("The smallest pair")
}
