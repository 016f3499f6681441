//! What a failure means where messages are frames: which frame went wrong, and how.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::Waits;
use harness::failure::{Actual, Expected};
use harness::payload::{Difference, count, pairs, thousands};

use crate::frame::LARGEST;

/// What a peer waits for after a frame with a length behind it that is too large.
pub(crate) const ANSWER_BEFORE: &str = "the answer to the frame before the one that is too large";
/// What a peer waits for after input that ended between two frames.
pub(crate) const END_BETWEEN: &str = "the end of the connection after its last frame";
/// What a peer waits for after input that ended in the middle of a frame.
pub(crate) const END_WITHIN: &str = "the end of the connection after a part of a frame";
/// What a peer waits for after a length that is too large, which follows.
pub(crate) const END_AFTER: &str = "the end of the connection after a length of ";

/// What a peer waits for after the frame at `index` of `count`.
pub(crate) fn answer_to(index: usize, count: usize) -> String {
    match count {
        1 => "the answer to its frame".into(),
        _ => format!("the answer to frame {} of {}", index + 1, thousands(count)),
    }
}

/// The frame whose answer was due.
struct Due<'a> {
    /// `frame 2 of 3`, `the frame`.
    which: &'a str,
    /// Whether others came before it.
    after_others: bool,
    /// How many bytes it holds.
    len: usize,
}

impl<'a> Due<'a> {
    fn of(case: &Case<'a>) -> Option<Self> {
        let Expected::Bytes { payload } = &case.failure.expected else {
            return None;
        };
        let about = case.failure.about.as_deref()?;
        let number = about.strip_prefix("the answer to frame ");
        Some(Self {
            which: about
                .strip_prefix("the answer to ")
                .filter(|_| number.is_some())
                .unwrap_or("the frame"),
            after_others: number.is_some_and(|number| !number.starts_with("1 ")),
            len: payload.len.saturating_sub(4),
        })
    }
}

/// All that this lesson knows about failures.
pub(crate) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    if case.evidence().exit.is_some() {
        return None;
    }
    if let Some(due) = Due::of(case) {
        return match &case.failure.actual {
            Actual::Different { difference } if difference.offset < 4 => {
                Some(another_length(&due, difference))
            }
            Actual::Different { difference } => Some(another_content(case, &due, difference)),
            Actual::Nothing { received } => nothing(case, &due, received.len),
            Actual::Ended { received } | Actual::Reset { received } => {
                Some(closed(case, &due, received.len))
            }
            _ => None,
        };
    }
    let about = case.failure.about.as_deref().unwrap_or_default();
    match (&case.failure.expected, &case.failure.actual) {
        (Expected::End, Actual::Nothing { .. }) if about.starts_with(END_AFTER) => {
            Some(believes_the_length(case, &about[END_AFTER.len()..]))
        }
        (Expected::End, Actual::TooMuch { .. }) if about.starts_with(END_AFTER) => {
            Some(Diagnosis::new(
                "answers-a-refused-frame",
                "A length that is too large gets no answer, no error either: no client could tell it \
                 from a frame. Close the connection.",
            ))
        }
        (Expected::End, Actual::TooMuch { .. }) if about == END_WITHIN => Some(
            Diagnosis::new(
                "answers-a-part",
                "The input ended in the middle of a frame, and your program answered the part that it \
                 had. Whoever reads until the end of input must look how much came: a frame that is \
                 not whole gets no answer. read_exact says so by the error UnexpectedEof; recv, read \
                 and read_to_end do not.",
            )
            .section("Where a frame ends"),
        ),
        (Expected::Silence, Actual::TooMuch { .. }) => Some(too_early(case, "answered it")),
        (Expected::Silence, Actual::Ended { .. } | Actual::Reset { .. }) => {
            Some(too_early(case, "closed the connection"))
        }
        (Expected::Fact { what }, _) if what.contains("memory") => Some(
            Diagnosis::new(
                "makes-room-first",
                "Four bytes from a client, and your program holds as much memory as they say: it makes \
                 room for the frame and only then looks whether that is too large. Compare the length \
                 with the limit first.",
            )
            .section("A length is a claim"),
        ),
        _ => None,
    }
}

/// The first four bytes of the answer are not the length.
fn another_length(due: &Due<'_>, difference: &Difference) -> Diagnosis {
    let (expected, actual) = (&difference.expected, &difference.actual);
    let number = |bytes: &[u8]| -> Option<u32> {
        Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
    };
    let Some((due_length, length)) = number(expected).zip(number(actual)) else {
        return Diagnosis::new(
            "no-length",
            "An answer is a frame, too: four bytes of length come first, big-endian, also before no \
             bytes at all.",
        );
    };
    let content = &expected[4..];
    if !content.is_empty() && actual[..4].starts_with(&content[..content.len().min(4)]) {
        return Diagnosis::new(
            "no-length",
            "Your answer begins with the content. Without a length in front the client cannot know \
             where it ends: send four bytes of length first, big-endian, then the content.",
        );
    }
    if length == due_length.swap_bytes() {
        return Diagnosis::new(
            "little-endian",
            format!(
                "Your program writes the length with its lowest byte first. Read as the protocol has \
                 it, these four bytes say {}. On the wire the highest byte comes first: \
                 to_be_bytes to write a number, from_be_bytes to read it.",
                count(length as usize)
            ),
        )
        .section("Four bytes make a number");
    }
    if Some(length) == due_length.checked_add(4) {
        return counts_itself();
    }
    Diagnosis::new(
        "wrong-length",
        format!(
            "The answer to {} says that {} follow; it should be {}, as in the frame itself. Send as \
             many bytes as the frame has, not as many as your buffer has or as recv has brought.",
            due.which,
            count(length as usize),
            count(due.len),
        ),
    )
}

fn counts_itself() -> Diagnosis {
    Diagnosis::new(
        "counts-the-length-itself",
        "Your program counts the four bytes of the length in. In this protocol the length says how \
         many bytes come after it: a frame of 5 bytes has the length 5 and takes 9 bytes on the wire.",
    )
    .section("Four bytes make a number")
}

/// The length is right, the bytes after it are not.
fn another_content(case: &Case<'_>, due: &Due<'_>, difference: &Difference) -> Diagnosis {
    let (expected, actual) = (&difference.expected, &difference.actual);
    let at = difference.offset - difference.from;
    let sent = case.failure.after.as_ref().filter(|sent| sent.hex);
    // What was sent is kept as pairs of hexadecimal digits: six bytes are enough to know it by.
    let sent_in_order = sent.is_some_and(|sent| {
        let came = pairs(&actual[..actual.len().min(10)]);
        difference.from == 0 && actual.len() > 5 && sent.shown.starts_with(&came)
    });
    if sent_in_order {
        return Diagnosis::new(
            "not-reversed",
            "The answer holds the bytes in the order in which they came. Send them from the last to \
             the first: frame.reverse().",
        );
    }
    let four_short = difference.from == 0
        && difference.offset == 4
        && expected.len() > 8
        && actual[4..].starts_with(&expected[8..]);
    if four_short {
        return counts_itself();
    }
    if actual[at..].iter().all(|&byte| byte == 0) {
        return Diagnosis::new(
            "one-recv-for-the-content",
            format!(
                "The answer to {} holds zero bytes where the content should be: not all of the frame \
                 had come when your program sent it back. One recv brings what has arrived, perhaps \
                 less than you ask for. Receive until the buffer is full: read_exact.",
                due.which
            ),
        )
        .section("Where a frame ends");
    }
    Diagnosis::new(
        "other-content",
        format!(
            "The answer to {} has the right length, but not the right content: the first byte that \
             differs is marked above. It should be that frame's bytes, from the last to the first, and \
             nothing of any other frame.",
            due.which
        ),
    )
}

/// No answer, or not all of it, and the program still runs.
fn nothing(case: &Case<'_>, due: &Due<'_>, received: usize) -> Option<Diagnosis> {
    let unread = case.connection().map_or(0, |socket| socket.unread);
    if !case.waits_on_peer(Waits::ToReceive) || unread > 0 || received > 0 {
        return None;
    }
    if due.len == 0 {
        return Some(
            Diagnosis::new(
                "waits-for-nothing",
                "A frame of 0 bytes is whole when its length has come. Your program has received that \
                 and waits in recv for what follows: nothing does. (recv waits even where it is given \
                 no room.) Answer at once: 00 00 00 00.",
            )
            .section("Where a frame ends"),
        );
    }
    if due.after_others {
        return Some(
            Diagnosis::new(
                "drops-the-rest",
                format!(
                    "{} is whole and your program has received it: nothing is left in its socket. It \
                     came together with the frame before it. One recv, and a BufReader too, may bring \
                     more than one frame: keep what is left for the next, and look at it before you \
                     receive again.",
                    capital(due.which)
                ),
            )
            .section("Where a frame ends"),
        );
    }
    let more_behind = case.failure.after.as_ref();
    if more_behind.is_some_and(|sent| sent.len > due.len + 4) {
        return Some(
            Diagnosis::new(
                "keeps-the-answer-back",
                format!(
                    "{} is whole, and more has come behind it. Your program has received all of that, \
                     has sent nothing, and waits for more. An answer is due when its frame is whole, \
                     whatever lies behind it. If answers go through a BufWriter, flush it after each.",
                    capital(due.which),
                ),
            )
            .section("Where a frame ends"),
        );
    }
    let little = u32::try_from(due.len).unwrap_or(0).swap_bytes();
    Some(
        Diagnosis::new(
            "waits-for-more-than-the-frame",
            format!(
                "{} is whole: four bytes of length that say {}, and these. Your program has received \
                 all of it, has sent nothing, and waits for more. Did it read the length with its lowest \
                 byte first? Then it waits for {}: use from_be_bytes. Does it count the length's own \
                 bytes in? Does it wait for a newline, a full buffer or the end of input? None of them \
                 will come. Or lies the answer in a BufWriter that nobody has flushed?",
                capital(due.which),
                count(due.len),
                count(little as usize),
            ),
        )
        .section("Where a frame ends"),
    )
}

/// The program has closed the connection where an answer was due.
fn closed(case: &Case<'_>, due: &Due<'_>, received: usize) -> Diagnosis {
    if case.failure.about.as_deref() == Some(ANSWER_BEFORE) {
        return Diagnosis::new(
            "refuses-what-came-before",
            "The frame in front is whole, and its answer is due: what is too large comes after it. Send \
             each answer when its frame is whole, not when all that has come was looked at, and close \
             after that.",
        )
        .section("A length is a claim");
    }
    if received > 0 {
        return Diagnosis::new(
            "closes-within-an-answer",
            format!(
                "The connection was closed in the middle of the answer to {}: {} of {} had come. Send \
                 all of it: write_all.",
                due.which,
                received,
                count(due.len + 4)
            ),
        );
    }
    if due.len == 0 {
        return Diagnosis::new(
            "empty-is-not-the-end",
            "A frame of 0 bytes is a frame like any other: its answer is 00 00 00 00. What ends the \
             input is recv returning 0, which is another thing: recv counts the bytes that it has \
             brought, the length counts those that are to come.",
        )
        .section("Where a frame ends");
    }
    if due.len == LARGEST as usize {
        return Diagnosis::new(
            "refuses-the-largest",
            "A frame of exactly 1,048,576 bytes is allowed: only a length over that is refused. \
             Compare with >, not with >=.",
        );
    }
    Diagnosis::new(
        "closes-in-place-of-an-answer",
        format!(
            "{} holds {} and must be answered, but your program closed the connection. Read with its \
             lowest byte first the length would be {}: does it look too large to your program? Use \
             from_be_bytes.",
            capital(due.which),
            count(due.len),
            count(u32::try_from(due.len).unwrap_or(0).swap_bytes() as usize),
        ),
    )
    .section("Four bytes make a number")
}

/// The program did something before its frame was whole.
fn too_early(case: &Case<'_>, what: &str) -> Diagnosis {
    let sent = case.transcript.sent(case.peer());
    let so_far: usize = sent.iter().map(|payload| payload.len).sum();
    Diagnosis::new(
        "one-recv-is-not-one-frame",
        format!(
            "Of the frame {} had been sent, and your program {what}. One recv brings what has \
             arrived, be it a single byte: that is neither a length nor a frame. Receive until the four \
             bytes of the length are there, then until as many bytes as it says are: read_exact.",
            count(so_far)
        ),
    )
    .section("Where a frame ends")
}

/// A length that is too large did not end the connection.
fn believes_the_length(case: &Case<'_>, length: &str) -> Diagnosis {
    let doing = if case.waits_on_peer(Waits::ToReceive) {
        "waits in recv for more"
    } else {
        "goes on"
    };
    let together = if case.transcript.has_received(case.peer()) {
        " Or has it not come to look at the length, since that came together with a frame?"
    } else {
        ""
    };
    Diagnosis::new(
        "believes-the-length",
        format!(
            "{length} are more than a frame may hold, and your program {doing}. The client has sent \
             nothing but the length, and may never send more. Compare the length with the limit before \
             you make room or receive; where it is over, close the connection at once.{together}"
        ),
    )
    .section("A length is a claim")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
