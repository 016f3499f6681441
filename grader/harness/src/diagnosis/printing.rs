//! Something else was printed than the lesson asks for, or nothing, or too much.

use super::{Case, Diagnosis};
use crate::failure::{Actual, Expected};
use crate::output::Stream;
use crate::payload::visible;

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Print { stream, what } = &case.failure.expected else {
        return None;
    };
    Some(match &case.failure.actual {
        Actual::Exited { .. } => ended(case, *stream),
        Actual::Nothing { received } if received.len == 0 => nothing(case, *stream),
        Actual::Nothing { .. } => Diagnosis::new(
            "line-without-end",
            "A line ends with a newline, and this one has none yet: who reads lines goes on waiting. \
             println! adds it, print! does not.",
        ),
        Actual::TooMuch { .. } => Diagnosis::new(
            "prints-too-much",
            "Your program printed more than the lesson asks for. Its standard output is read by \
             another program; what is meant for people belongs on standard error: eprintln!.",
        ),
        _ => Diagnosis::new(
            "printed-otherwise",
            format!(
                "The lesson asks that it prints {what}. Another program reads this line: each \
                 character counts."
            ),
        ),
    })
}

fn ended(case: &Case<'_>, stream: Stream) -> Diagnosis {
    let evidence = case.evidence();
    let status = evidence.status.unwrap_or_default();
    if stream == Stream::Error {
        return Diagnosis::new(
            "ended-without-a-word",
            format!(
                "Your program ended with status {status} and did not say why. Whoever has started it \
                 needs a line on standard error with what the call that failed has returned: \
                 eprintln!(\"{{error}}\")."
            ),
        );
    }
    match evidence.error.last().map(|line| visible(line)) {
        Some(said) if status != 0 => Diagnosis::new(
            "gave-up-before-printing",
            format!(
                "Your program gave up before it had printed that, and said why: \"{said}\". Find the \
                 call that this is about."
            ),
        ),
        _ => Diagnosis::new(
            "ended-before-printing",
            format!("Your program ended with status {status} and had not printed that."),
        ),
    }
}

fn nothing(case: &Case<'_>, stream: Stream) -> Diagnosis {
    let doing = match case.evidence().threads.first() {
        Some(thread) => format!(", and your program's {} {}", thread.who, thread.doing()),
        None => String::new(),
    };
    Diagnosis::new(
        "prints-nothing",
        format!(
            "Nothing has come on {stream}{doing}. Print first, and wait then. If it does print before \
             that, the text still lies in a buffer inside your program: print! keeps it until there is \
             a newline, a BufWriter until it is flushed. Use println!, or flush."
        ),
    )
}
