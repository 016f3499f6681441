//! Too long, too short, or without end.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};

use super::has_arrived;

fn fact<'a>(case: &Case<'a>) -> Option<&'a str> {
    match &case.failure.expected {
        Expected::Fact { what } => Some(what),
        _ => None,
    }
}

pub(super) fn too_long(case: &Case<'_>) -> Option<Diagnosis> {
    if !fact(case)?.starts_with("it to give up within") {
        return None;
    }
    let mut threads = case.evidence().threads.iter();
    let connects = threads.any(|thread| thread.call.as_deref() == Some("connect"));
    Some(Diagnosis::new(
        "waits-too-long",
        if connects {
            "Twice the time in TIMEOUT_MS has passed, and your program is still in connect(). Nobody answers, \
             and the kernel sends the SYN again and again: by itself connect gives up after about two \
             minutes. Make the socket non-blocking, so that connect returns at once, and wait with \
             poll for as long as TIMEOUT_MS says."
        } else {
            "Twice the time in TIMEOUT_MS has passed, and your program is still trying to connect. The time is \
             in milliseconds, and it is for the whole attempt: one wait, not one for each try."
        },
    ))
}

pub(super) fn too_short(case: &Case<'_>) -> Option<Diagnosis> {
    fact(case)?.starts_with("it to wait").then(|| {
        Diagnosis::new(
            "waits-too-short",
            "Your program says `timeout` before the time is up: an answer could still have come. TIMEOUT_MS \
             is the second argument, in milliseconds; a second has 1,000 of them, and a limit of the \
             program's own is right for nobody. If its socket does not block, connect itself does not \
             wait at all: poll does.",
        )
    })
}

pub(super) fn does_not_end(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Exit { .. }, Actual::Nothing { .. }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let mut threads = case.evidence().threads.iter();
    let doing = threads.find_map(|thread| Some((thread, thread.call.as_deref()?)));
    let meaning = match doing {
        Some((_, "poll")) if has_arrived(case) => {
            "Your program is connected, and still it waits in poll(). Which event does it wait for? \
             Readable (PollFlags::IN) would mean that the server has sent something, and this server says \
             nothing. That connect is over shows as writable: PollFlags::OUT."
                .into()
        }
        Some((_, "recv" | "recvfrom" | "read")) if has_arrived(case) => {
            "Your program is connected, and now it waits for something. This server says nothing: it waits \
             for your program to close. Print the line, close, end."
                .into()
        }
        Some((_, "sleep")) => "Your program sleeps, though its connect has been answered at once. TIMEOUT_MS is \
                               the longest time to wait, not the time to wait: poll comes back as soon as \
                               there is an answer."
            .into(),
        Some((thread, _)) => format!(
            "The outcome is known by now: print it and end. Instead your program's {} {}.",
            thread.who,
            thread.doing()
        ),
        None => "The outcome is known by now: print it and end.".into(),
    };
    Some(Diagnosis::new("does-not-end", meaning))
}
