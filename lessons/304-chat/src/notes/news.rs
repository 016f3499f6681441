//! Who has come and who has gone: news that do not come, or that nobody should hear.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::Expected;
use harness::transcript::What;

use super::{came, expected, nothing_came, own_name};

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    if case.failure.expected == Expected::Silence {
        return unasked(case, &came(case)?);
    }
    let expected = expected(case)?;
    if let Some(name) = expected.strip_prefix("+ ").filter(|_| nothing_came(case)) {
        return Some(Diagnosis::new(
            "nobody-hears-who-comes",
            format!(
                "{name} has joined, and everyone else has to hear of it: the line \"+ {name}\"."
            ),
        ));
    }
    let name = expected.strip_prefix("- ")?;
    if nothing_came(case) {
        return Some(
            Diagnosis::new(
                "a-ghost",
                format!(
                    "{name} has left, and your program has told nobody: a ghost stays in the room. A \
                     client leaves when recv returns 0, when recv fails (after a reset: ECONNRESET), and \
                     when it says what is no line. All these ways must lead to one place in your program, \
                     where the member is taken out and the others are told. Beware of ? and return on the \
                     way there."
                ),
            )
            .section("Leaving"),
        );
    }
    let came = came(case)?;
    came.starts_with(&format!("{name}: ")).then(|| {
        Diagnosis::new(
            "relays-what-is-no-line",
            format!(
                "Your program relayed something from {name} that is no line. What comes before the end \
                 without a newline was never finished: read_line and lines() hand it out all the same, so \
                 look whether it ends with a newline. More than 1,000 bytes, or bytes that are not UTF-8, \
                 are no line either: they end the connection."
            ),
        )
        .section("Lines")
    })
}

/// Something came where nothing should.
fn unasked(case: &Case<'_>, came: &str) -> Option<Diagnosis> {
    let peer = case.peer();
    let (rule, meaning, section) = match own_name(case) {
        Some(own) if came.starts_with(&format!("{own}: ")) => return Some(super::relayed::echo(&own)),
        None => (
            "a-lurker-hears",
            format!(
                "{peer} has not given a name yet, and heard what goes on in the room. Who is connected is \
                 not a member: it becomes one with its name, and only members are told anything."
            ),
            "One room for all threads",
        ),
        Some(_) if is_here(case, came) => (
            "throws-a-member-out",
            "Everyone heard that a member has left, who is still there and in the middle of a line. Its \
             last bytes were the first half of a letter: an ü has two of them. Bytes are text when the \
             line is whole, so keep them as bytes until its newline has come, and call from_utf8 then."
                .into(),
            "Lines",
        ),
        Some(_) if came.starts_with("+ ") || came.starts_with("- ") => (
            "news-of-nobody",
            "Everyone heard of a client that never was in the room: it had given no name, or one that was \
             refused. Only who has joined can leave. Let the way out begin where a client has joined, not \
             where it has connected."
                .into(),
            "Leaving",
        ),
        Some(_) => (
            "relays-an-empty-line",
            "Your program relayed a line that nobody has said, or an empty one. A line without any text is \
             ignored."
                .into(),
            "Lines",
        ),
    };
    Some(Diagnosis::new(rule, meaning).section(section))
}

/// Whether the one who is said to have left is in the middle of a line.
fn is_here(case: &Case<'_>, came: &str) -> bool {
    let Some(name) = came.strip_prefix("- ") else {
        return false;
    };
    let name = name.trim_end();
    let events = case.transcript.events();
    let mut joined = events.iter().filter_map(|event| match &event.what {
        What::Sends { payload } if payload.shown == format!("{name}\\n") => Some(&event.who),
        _ => None,
    });
    let last = joined.next().and_then(|who| case.transcript.last_sent(who));
    last.is_some_and(|last| {
        !last.shown.ends_with("\\n") && !case.transcript.has_ended_sending(name)
    })
}
