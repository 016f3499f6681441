//! The receiver's answer did not come, or was another.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::Waits;
use harness::failure::{Actual, Expected};

use super::{ANSWER_TO, ANSWER_TO_A_PART, ANSWER_TOO_EARLY, NOT_STORED, REFUSED, STORED};

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    if case.evidence().signal.as_deref() == Some("SIGABRT") {
        return no_memory(case);
    }
    if case.evidence().exit.is_some() {
        return None;
    }
    match (&case.failure.expected, &case.failure.actual) {
        (Expected::Answer { what }, actual) if what == STORED => not_stored(case, actual),
        (Expected::Answer { what }, actual) if what == REFUSED => not_refused(case, actual),
        (Expected::Answer { what }, _) if what == NOT_STORED => too_early(case),
        (Expected::Silence, actual) => before_the_end(case, actual),
        _ => None,
    }
}

/// It made room for more than there is.
fn no_memory(case: &Case<'_>) -> Option<Diagnosis> {
    let mut error = case.evidence().error.iter();
    let said = error.find(|line| line.starts_with("memory allocation of"))?;
    Some(
        Diagnosis::new(
            "makes-room-for-a-claim",
            format!(
                "Your program gave up: \"{said}\". The size is only what the sender says, and it may say \
                 anything. Make room for what has come, not for what was announced: receive into a buffer \
                 of some KiB, and write that to the file."
            ),
        )
        .section("A file is larger than memory"),
    )
}

/// A whole file was sent, and there was no 06.
fn not_stored(case: &Case<'_>, actual: &Actual) -> Option<Diagnosis> {
    let unread = case.connection().map_or(0, |socket| socket.unread);
    match actual {
        Actual::Nothing { .. } if unread == 0 && case.waits_on_peer(Waits::ToReceive) => {
            Some(waits(case))
        }
        Actual::Answer { payload } if payload.agrees_at(0, &[0x15]) => Some(refuses(case)),
        Actual::Answer { payload } => Some(Diagnosis::new(
            "another-answer",
            format!(
                "The answer is one byte and not a text: 06 for stored, 15 for refused, both \
                 hexadecimal. Your program sent {}. In Rust: write_all(&[0x06]).",
                payload.quoted()
            ),
        )),
        Actual::Ended { .. } | Actual::Reset { .. } => Some(no_answer(case)),
        _ => None,
    }
}

fn waits(case: &Case<'_>) -> Diagnosis {
    let peer = case.peer();
    let sent = case.failure.after.as_ref();
    if sent.is_some_and(|sent| sent.agrees_at(2, b"empty.txt")) {
        return Diagnosis::new(
            "waits-for-nothing",
            "The size is 0, so the file is complete when its header has come: there is no content to wait \
             for. Compare how much you have with the size before you receive, not after.",
        );
    }
    Diagnosis::new(
        "waits-for-more-than-the-file",
        format!(
            "Your program has received the whole file and waits in recv for more. Does it wait for the \
             end of input (read_to_end, io::copy without take)? That does not come: {peer} keeps the \
             connection to hear the answer, and the size says where the file ends. Or does it read one \
             of the numbers with its lowest byte first (from_le_bytes, from_ne_bytes)? Then it waits for \
             a length or a size that nobody meant: use from_be_bytes."
        ),
    )
    .section("A header says what follows")
}

fn refuses(case: &Case<'_>) -> Diagnosis {
    let about = case.failure.about.as_deref();
    let sent = case.failure.after.as_ref();
    if sent.is_some_and(|sent| sent.agrees_at(2, b"empty.txt")) {
        return Diagnosis::new(
            "refuses-empty-files",
            "A file of 0 bytes is a file like any other, and no reason to refuse is that it is empty: \
             store it.",
        );
    }
    if let Some(name) = about.and_then(|about| about.strip_prefix(ANSWER_TO)) {
        return Diagnosis::new(
            "refuses-too-much",
            format!(
                "{name} is the name of an ordinary file, and must not be refused. Refuse just these: an \
                 empty name, `.` and `..` themselves, a name with a slash, a backslash or NUL in it, a \
                 name of more than 255 bytes, and one that exists. If it was the file system that said \
                 no: a name may have 255 bytes, so a temporary file whose name is the same and some \
                 letters more has too many."
            ),
        )
        .section("A name is a claim");
    }
    Diagnosis::new(
        "refuses-what-it-should-store",
        "Your program refused a file that it should store. Its name is an ordinary one, and no file of \
         that name is there. If your program answers 15 whenever something fails, print what that was. A \
         number that is read with its lowest byte first, or before all its bytes have come, is another \
         number; and no size is too small. And a name that was received into a Vec::with_capacity is empty: \
         its length is 0, and read_exact fills no more than that; vec![0; length] has room.",
    )
}

fn no_answer(case: &Case<'_>) -> Diagnosis {
    let about = case.failure.about.as_deref();
    let said = case.evidence().error.last();
    let said = said.map_or(String::new(), |said| format!(" It said \"{said}\"."));
    let name = match about.and_then(|about| about.strip_prefix(ANSWER_TO)) {
        Some(name) => format!(
            " The name is {name}: 255 bytes are allowed, and a temporary file whose name is that and \
             some letters more has too many."
        ),
        None => String::new(),
    };
    Diagnosis::new(
        "no-answer",
        format!(
            "Your program closed the connection without an answer.{said} The whole file was sent, and it \
             should be stored: receive as many bytes as the size says, store them, and then send 06.{name} \
             Is each part received completely, whatever one recv brings (read_exact)?"
        ),
    )
}

/// A file was to be refused.
fn not_refused(case: &Case<'_>, actual: &Actual) -> Option<Diagnosis> {
    let about = case.failure.about.as_deref().unwrap_or_default();
    let name = about.strip_prefix(ANSWER_TO)?;
    let exists = ["first.bin", "file.txt", "folder", "dangling", "link"];
    let is = |other: &str| name == format!("\"{other}\"");
    let why = if is("dangling") {
        "A symbolic link of that name is in DIR already. It leads to a file that does not exist, so \
         exists() says no; but the name is taken. symlink_metadata() tells of the link itself."
    } else if exists.iter().any(|other| is(other)) {
        "Something of that name is in DIR already. What is there is somebody's, and a sender must not \
         replace it: look before you store, each time, and whatever it is: a file, a folder, a link."
    } else if is("") || is(".") || is("..") {
        "That is no name for a file: joined with DIR it is DIR itself, or the folder around it."
    } else if name.contains("bytes") {
        "That is more than 255 bytes. Count bytes, len(), not letters, before you ask the file system."
    } else if name.contains('/') {
        "There is a slash in it. Joined with DIR it leads to another folder, or out of DIR: Path::join \
         does not look at what it joins. Nor take a part of the name for the name: then the file is not \
         stored under the name it was sent with."
    } else if name.contains("\\\\") {
        "There is a backslash in it. Here that is a letter like any other, but on some systems it \
         separates folders, and the protocol is the same for all."
    } else {
        "There is a NUL in it, where a name ends for the kernel."
    };
    let what = match actual {
        Actual::Answer { payload } if payload.agrees_at(0, &[0x06]) => {
            "Your program answered 06, stored."
        }
        Actual::Answer { .. } => "Your program sent another byte.",
        Actual::Nothing { .. } => "Your program has not answered.",
        Actual::Ended { .. } | Actual::Reset { .. } => {
            "Your program closed the connection without an answer: the sender cannot know why."
        }
        _ => return None,
    };
    Some(
        Diagnosis::new(
            "must-be-refused",
            format!("{what} {why} Answer 15, and store nothing."),
        )
        .section("A name is a claim"),
    )
}

/// It said that something is stored that cannot be.
fn too_early(case: &Case<'_>) -> Option<Diagnosis> {
    let meaning = match case.failure.about.as_deref()? {
        ANSWER_TO_A_PART => {
            "The size says how many bytes the file has, and fewer came: recv returned 0 before. Your \
             program took that for the end of the file. It is the end of the connection: compare how much \
             has come with the size. (io::copy from a take(size) stops at either, and returns how many \
             bytes it has copied.)"
        }
        ANSWER_TOO_EARLY => {
            "While the second half of the file was on its way, a folder of its name was made in DIR. So \
             the file cannot have got its name, and yet your program said that it is stored. It must have \
             answered before it gave the file its name, or without looking whether that went well. Sync, \
             rename, see that both succeed, and only then send 06."
        }
        _ => return None,
    };
    Some(Diagnosis::new("stored-too-early", meaning).section("What stored means"))
}

/// The program did something before the file was complete.
fn before_the_end(case: &Case<'_>, actual: &Actual) -> Option<Diagnosis> {
    let what = match actual {
        Actual::TooMuch { extra } => format!("sent {}", extra.quoted()),
        Actual::Ended { .. } | Actual::Reset { .. } => "closed the connection".into(),
        _ => return None,
    };
    // carol, who receives, is told something else.
    if case.transcript.sent(case.peer()).is_empty() {
        return None;
    }
    Some(
        Diagnosis::new(
            "does-not-wait-for-all",
            format!(
                "Not all of the file had been sent, and your program {what}. One recv brings what has \
                 arrived, be it a single byte: that is not a length, not a name, not a size, and not the \
                 content. Receive until all bytes of each are there: read_exact for the header, and for \
                 the content go on until you have as many bytes as the size says."
            ),
        )
        .section("A header says what follows"),
    )
}
