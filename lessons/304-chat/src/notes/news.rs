//! Who has come and who has gone: news that do not come, or that nobody should hear.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::Expected;
use harness::transcript::What;

use super::{came, expected, nothing_came, own_name};

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    if case.failure.expected == Expected::Silence {
        return Some(unasked(case, &came(case)?));
    }
    if case.failure.expected == Expected::End && nothing_came(case) {
        return keeps_what_is_no_line(case);
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

/// A line that is none was to end the connection.
fn keeps_what_is_no_line(case: &Case<'_>) -> Option<Diagnosis> {
    let sent = case.failure.after.as_ref()?;
    let meaning = if sent.len > 1_000 {
        format!(
            "{} has sent a line of more than 1,000 bytes, and your program goes on. Such a line ends the \
             connection. Bytes count, not characters: an é has two of them, so look at the length before \
             you make a text of it.",
            case.peer()
        )
    } else if sent.hex {
        format!(
            "{} has sent a line that is not UTF-8, and your program goes on. Such a line ends the \
             connection. String::from_utf8 says whether it is one; from_utf8_lossy puts another letter in \
             place of what is none, which nobody has said.",
            case.peer()
        )
    } else {
        return None;
    };
    Some(Diagnosis::new("keeps-what-is-no-line", meaning).section("Lines"))
}

/// Something came where nothing should.
fn unasked(case: &Case<'_>, came: &str) -> Diagnosis {
    let peer = case.peer();
    let (rule, meaning, section) = match own_name(case) {
        Some(own) if came.starts_with(&format!("{own}: ")) => {
            return super::relayed::echo(&own);
        }
        None => (
            "a-lurker-hears",
            format!(
                "{peer} has not given a name yet, and heard what goes on in the room. Who is connected is \
                 not a member: it becomes one with its name, and only members are told anything."
            ),
            "One room for all threads",
        ),
        Some(_) if is_unfinished(case, came.split(": ").next()) => (
            "relays-half-a-line",
            "Your program relayed the first half of a line: what one recv has brought. A line is over at its \
             newline, and not before. Collect the bytes until a newline has come, or let a BufReader do it \
             (read_until)."
                .into(),
            "Lines",
        ),
        Some(_) if is_unfinished(case, came.strip_prefix("- ")) => (
            "throws-a-member-out",
            "Everyone heard that a member has left, who is still there and in the middle of a line. Its \
             last bytes were the first half of a letter: an ü has two of them. Bytes are text when the \
             line is whole, so keep them as bytes until its newline has come, and call from_utf8 then."
                .into(),
            "Lines",
        ),
        Some(_) if came.strip_prefix("- ").is_some_and(|name| givers(case, name).len() > 1) => (
            "takes-the-other-one-out",
            "Two clients have given this name. The second was refused, and has left; but your program has \
             taken the first one out of the room, who is still there. Who was refused is not in the room \
             and cannot leave it: clean up only after a client that has joined."
                .into(),
            "Names",
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
    Diagnosis::new(rule, meaning).section(section)
}

/// The peers that have given this name.
fn givers(case: &Case<'_>, name: &str) -> Vec<String> {
    let line = format!("{}\\n", name.trim_end());
    let events = case.transcript.events();
    let mut givers: Vec<String> = events
        .iter()
        .filter(|event| matches!(&event.what, What::Sends { payload } if payload.shown == line))
        .map(|event| event.who.clone())
        .collect();
    givers.dedup();
    givers
}

/// Whether the member of this name is in the middle of a line.
fn is_unfinished(case: &Case<'_>, name: Option<&str>) -> bool {
    let givers = name.map_or(Vec::new(), |name| givers(case, name));
    let Some(who) = givers.first() else {
        return false;
    };
    let last = case.transcript.last_sent(who);
    last.is_some_and(|last| !last.shown.ends_with("\\n")) && !case.transcript.has_ended_sending(who)
}
