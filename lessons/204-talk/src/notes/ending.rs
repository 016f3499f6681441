//! The program's end: too early, too late, with the wrong status or without a word.

use harness::diagnosis::{Case, Diagnosis};
use harness::evidence::Waits;
use harness::failure::{Actual, Expected};
use harness::output::Stream;
use harness::payload::visible;
use harness::transcript::What;

use super::has_panicked;

/// Whether this has happened to any peer.
fn has_happened(case: &Case<'_>, what: &What) -> bool {
    let events = case.transcript.events();
    events.iter().any(|event| event.what == *what)
}

/// What may well happen was taken for impossible.
pub(crate) fn panicked(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Exit { status } = case.failure.expected else {
        return None;
    };
    let error = &case.evidence().error;
    let at = error.iter().position(|line| line.contains("panicked at"))?;
    let message = visible(error.get(at + 1)?);
    if message.starts_with("not yet implemented") {
        return None;
    }
    let may_happen = if has_happened(case, &What::Resets) {
        "A connection may be reset at any time: then recv returns an error"
    } else {
        "Nobody may be there: then connect returns an error"
    };
    Some(
        Diagnosis::new(
            "panicked",
            format!(
                "Your program panicked: {message}. {may_happen}, which is no mistake in your program. \
                 Handle it in place of unwrap(): a line on standard error that says what went wrong \
                 (eprintln!), and exit status {status}."
            ),
        )
        .section("What can go wrong"),
    )
}

/// The program has not come as far as connect, or not through it.
pub(crate) fn never_connected(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Arrival { address } = &case.failure.expected else {
        return None;
    };
    if has_panicked(case) {
        return None;
    }
    let waits_for_input = |on: &Option<String>| on.as_deref() == Some("standard input");
    let mut threads = case.evidence().threads.iter();
    let meaning = if let Some(said) = case.evidence().error.last() {
        format!(
            "{} listens on {address}, and your program gave up before it was connected. It said: \"{}\". \
             Find the call that this is about: socket or connect.",
            case.peer(),
            visible(said)
        )
    } else if threads.any(|t| t.waits == Waits::ToReceive && waits_for_input(&t.on)) {
        "Your program waits for its input before it connects. The server may speak first: connect at once."
            .into()
    } else {
        format!(
            "{} listens on {address}, which is your program's first argument. Make a socket of its family \
             and connect it there.",
            case.peer()
        )
    };
    Some(Diagnosis::new("never-connected", meaning).section("The smallest pair"))
}

/// The server has ended, and the program goes on.
pub(crate) fn goes_on(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Exit { status: 0 }, Actual::Nothing { .. }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let section = "Who leaves first?";
    if case.thread(Waits::Not).is_some() {
        return Some(
            Diagnosis::new(
                "never-sees-the-end",
                "The server has ended its half, and your input has ended, too. From then on recv returns 0 \
                 at once, each time, and your program calls it again and again. Leave the loop when it \
                 returns 0.",
            )
            .section(section),
        );
    }
    let mut threads = case.evidence().threads.iter();
    let doing = threads.next().map_or(String::new(), |thread| {
        format!(" Its {} {}.", thread.who, thread.doing())
    });
    Some(
        Diagnosis::new(
            "stays-for-ever",
            format!(
                "The server has ended its half, and your input has ended, too: nothing more can come from \
                 either. But your program goes on.{doing} recv returns 0 at the end of the one, read at the \
                 end of the other: leave then."
            ),
        )
        .section(section),
    )
}

/// It has ended, and says the wrong thing about it.
pub(crate) fn wrong_status(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Exit { status }, Actual::Exited { .. }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let found = case.evidence().status?;
    if *status == 0 {
        let said = case.evidence().error.last().map_or(String::new(), |line| {
            format!(" and said \"{}\"", visible(line))
        });
        let is_early = "The server has ended before your input did, and nothing is wrong with that: it has \
                        said all it had to say. Your program";
        return Some(
            Diagnosis::new(
                "takes-the-end-for-an-error",
                format!(
                    "{is_early} ended with status {found}{said}. When recv returns 0, leave with status 0; \
                     only an error that a call returns is an error."
                ),
            )
            .section("Who leaves first?"),
        );
    }
    if has_happened(case, &What::Resets) {
        return Some(
            Diagnosis::new(
                "takes-a-reset-for-the-end",
                "The server reset the connection. recv does not return 0 then, but the error ECONNRESET: \
                 what was under way is lost, and perhaps half of an answer is missing. Your program ended \
                 as if it had all. Tell the two apart: 0 is the end; an error goes to standard error, with \
                 exit status 1. If a thread finds it, the thread that ends the program must learn of it.",
            )
            .section("What can go wrong"),
        );
    }
    Some(
        Diagnosis::new(
            "fails-with-success",
            format!(
                "Nobody listens there, so connect has failed, and your program ended with status {found}. A \
                 script that starts it can only see the status: end with {status} \
                 (ExitCode::from({status})), and say on standard error what went wrong."
            ),
        )
        .section("What can go wrong"),
    )
}

/// It says what went wrong where the answers belong.
pub(crate) fn complains_elsewhere(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Print {
        stream: Stream::Error,
        ..
    } = &case.failure.expected
    else {
        return None;
    };
    let said = case.evidence().output.last()?;
    Some(
        Diagnosis::new(
            "complains-on-standard-output",
            format!(
                "Your program said \"{}\" on standard output. Whoever reads that takes it for the server's \
                 words. What went wrong belongs on standard error: eprintln!, not println!.",
                visible(said)
            ),
        )
        .section("What can go wrong"),
    )
}
