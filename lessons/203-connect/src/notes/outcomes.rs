//! The wrong word, none at all, or the wrong status.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};

use super::{due, has_arrived, has_panicked, printed};

pub(super) fn on_the_wrong_stream(case: &Case<'_>) -> Option<Diagnosis> {
    let due = due(case)?;
    let evidence = case.evidence();
    let is_there = evidence.error.iter().any(|line| line.starts_with(due));
    (evidence.output.is_empty() && is_there).then(|| {
        Diagnosis::new(
            "prints-on-standard-error",
            format!(
                "Your program says `{due}`, but on standard error, where no other program reads it. \
                 Here the outcome is not a remark for people: it is what the program has been asked \
                 for. Print it with println!, not eprintln!."
            ),
        )
        .section("The protocol")
    })
}

pub(super) fn says_more_than_the_outcome(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, first) = printed(case)?;
    let word = due.split(' ').next().unwrap_or(due);
    let output = &case.evidence().output;
    let later = output.iter().skip(1).any(|line| line.starts_with(word));
    let longer = word == due && first != due && first.starts_with(due);
    (later || longer || (output.len() > 1 && first.starts_with(word))).then(|| {
        Diagnosis::new(
            "says-more",
            "Another program reads this output. It expects one line, the outcome, and nothing before it \
             or after it. What is meant for people belongs on standard error: eprintln!.",
        )
        .section("The protocol")
    })
}

pub(super) fn not_asked_for_the_error(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    (due == "refused" && printed.starts_with("connected")).then(|| {
        Diagnosis::new(
            "takes-ready-for-connected",
            "Nobody listens there, and your program says that it is connected. poll reports a socket \
             when its connect is over, however it has ended. How, is in SO_ERROR: ask for it with \
             socket_error() (getsockopt) before you believe that you are connected. 0 means connected.",
        )
        .section("When nobody answers")
    })
}

/// `SO_ERROR` may have been asked for: then what fails is the next call, on a socket without a peer.
pub(super) fn not_looked_at_the_error(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    (due == "refused" && printed == "error").then(|| {
        Diagnosis::new(
            "does-not-look-at-the-error",
            "Here connect has failed with ECONNREFUSED, so the word is `refused`; your program says `error`. \
             Match on the error: ECONNREFUSED is `refused`, ETIMEDOUT is `timeout`, ENETUNREACH and \
             EHOSTUNREACH are `unreachable`, and only the rest is `error`. If your program does that: does \
             the error get there? Of a socket that does not block it is in SO_ERROR, and \
             socket_error(...) returns one result in another: two ? belong behind it. With one, the \
             program goes on as if it were connected, and its next call fails with another error.",
        )
        .section("Four answers")
    })
}

pub(super) fn in_progress_is_no_error(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    let failed = matches!(printed, "error" | "timeout");
    (due.starts_with("connected") && failed && has_arrived(case)).then(|| {
        Diagnosis::new(
            "gives-up-at-once",
            format!(
                "The server has seen your program connect, and your program says `{printed}`. If its socket \
                 does not block, connect returns at once with EINPROGRESS: the call is under way, and \
                 nothing is decided yet. Wait with poll until the socket is writable, TIMEOUT_MS at \
                 the most, and ask for SO_ERROR then."
            ),
        )
        .section("When nobody answers")
    })
}

pub(super) fn time_is_up_has_no_number(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    (due == "timeout" && printed == "error").then(|| {
        Diagnosis::new(
            "time-is-up-is-no-error",
            "When your own limit has passed, the kernel does not say ETIMEDOUT: it says that only when it \
             has given up itself, after minutes. Your limit shows in another way: poll returns 0, and \
             connect with SO_SNDTIMEO fails with EINPROGRESS (man 7 socket). Print `timeout` for that, \
             too.",
        )
    })
}

pub(super) fn two_kinds_of_unreachable(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    (due == "unreachable" && printed == "error").then(|| {
        Diagnosis::new(
            "two-kinds-of-unreachable",
            "Two errors say that no packet gets there: ENETUNREACH, no route leads to that network, and \
             EHOSTUNREACH, a router has said that this host cannot be reached. What happened above says \
             which one it was here. For a user it is the same: print `unreachable` for both.",
        )
    })
}

pub(super) fn port_out_of_range(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    (due == "error" && printed == "refused").then(|| {
        Diagnosis::new(
            "port-out-of-range",
            "A port is a number of 16 bits, 65535 at the most. 65536 is none, and yet your program has \
             called somebody: has it cut the number down? Parse the whole argument as a SocketAddr, or \
             the port as a u16: what does not fit is an error then.",
        )
        .section("IPv6")
    })
}

pub(super) fn another_word(case: &Case<'_>) -> Option<Diagnosis> {
    let (due, printed) = printed(case)?;
    let words = ["refused", "timeout", "unreachable", "error"];
    (words.contains(&due) && words.contains(&printed)).then(|| {
        let error = match due {
            "refused" => "connect has failed with ECONNREFUSED",
            "timeout" => "nobody has answered for TIMEOUT_MS",
            "unreachable" => "connect has failed with ENETUNREACH or EHOSTUNREACH",
            _ => "this is none of ECONNREFUSED, ETIMEDOUT, ENETUNREACH and EHOSTUNREACH",
        };
        Diagnosis::new(
            "another-word",
            format!(
                "Here {error}, so the word is `{due}`; your program says `{printed}`. Match on the error \
                 that connect has returned (or SO_ERROR): ECONNREFUSED is `refused`, ETIMEDOUT is \
                 `timeout`, ENETUNREACH and EHOSTUNREACH are `unreachable`, and only the rest is \
                 `error`."
            ),
        )
        .section("Four answers")
    })
}

pub(super) fn no_word(case: &Case<'_>) -> Option<Diagnosis> {
    let due = due(case)?;
    let evidence = case.evidence();
    let is_silent = evidence.output.is_empty() && !has_panicked(case);
    let status = evidence.status.filter(|_| is_silent)?;
    Some(Diagnosis::new(
        "says-nothing",
        format!(
            "Your program has ended with status {status} and has printed nothing on standard output. \
             Whatever comes of its call, it says so there, in one line: here {due}."
        ),
    ))
}

pub(super) fn status(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Exit { status }, Actual::Exited { .. }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    let is = case.evidence().status.filter(|_| !has_panicked(case))?;
    let meaning = if *status == 0 {
        format!(
            "Your program is connected and says so, but it ends with status {is}. To whoever has started it \
             (a shell: echo $?) 0 means that all went well, and any other number that it did not."
        )
    } else {
        format!(
            "The word is right, the status is not. A script does not read what your program prints: it asks \
             for its status, and {is} does not say what has happened. Return it from main with \
             ExitCode::from({status}): refused 1, timeout 2, unreachable 3, error 4."
        )
    };
    Some(Diagnosis::new("wrong-status", meaning).section("The protocol"))
}
