//! What only this lesson can say about a failure.

use harness::diagnosis::{Case, Diagnosis, Note};
use harness::evidence::Waits;
use harness::failure::{Actual, DecidedBy, Expected};
use harness::transcript::What;

use crate::asking::{TOO_LONG, TOO_SHORT, Try};
use crate::question;

/// The rules of this lesson, asked in order.
pub(crate) const NOTES: &[Note] = &[
    panicked,
    refused,
    flawed,
    tries_differ,
    pace,
    no_further_try,
    parting,
    printed,
    status,
];

/// How the second try differs from the first, in words that go on after "but".
pub(crate) fn other_try(first: &Try, second: &Try) -> &'static str {
    if second.bytes[2..] == first.bytes[2..] {
        NEW_ID
    } else {
        OTHER_TEXT
    }
}

pub(crate) const NEW_ID: &str = "it has another id";
const OTHER_TEXT: &str = "what follows the id differs";
pub(crate) const ANOTHER_PORT: &str = "the second came from another port than the first";
pub(crate) const SAME_ID: &str = "it was the same four times";

/// What the check has measured, where it is a fact.
fn fact<'a>(case: &Case<'a>) -> Option<&'a str> {
    match (&case.failure.expected, &case.failure.actual) {
        (Expected::Fact { .. }, Actual::Other { what }) => Some(what),
        _ => None,
    }
}

/// Whether the program said this on standard error.
fn said(case: &Case<'_>, words: &str) -> bool {
    let mut lines = case.evidence().error.iter();
    lines.any(|line| line.contains(words))
}

/// A panic for something that is no mistake of the program's, but happens to datagrams every day.
fn panicked(case: &Case<'_>) -> Option<Diagnosis> {
    if !said(case, "panicked at") {
        return None;
    }
    let meaning = if said(case, "WouldBlock") || said(case, "Resource temporarily unavailable") {
        "Your program panicked when its time limit was up: recv_from then returns an error of kind \
         WouldBlock (EAGAIN). That is no failure, it is the moment to ask again. Match on the result in \
         place of unwrap() or expect()."
    } else if said(case, "ConnectionRefused") {
        return refused(case);
    } else if said(case, "out of range") {
        "Your program panicked, since a datagram came that was shorter than it took for granted. \
         Anybody can send anything to a port, also a datagram of one byte, or of none. Look at how much \
         has come before you take an id from it: strip_prefix(&id) does both at once."
    } else if said(case, "Utf8Error") {
        "Your program panicked, since the answer is not UTF-8. The text of an answer is bytes, of any \
         value. Write them as they are: io::stdout().write_all(…)."
    } else {
        return None;
    };
    Some(Diagnosis::new("panicked-over-a-datagram", meaning))
}

/// It ended with the error that a refusal becomes, or took TCP.
fn refused(case: &Case<'_>) -> Option<Diagnosis> {
    case.evidence().exit.as_ref()?;
    if !said(case, "Connection refused") && !said(case, "ConnectionRefused") {
        return None;
    }
    let has_asked = case.transcript.has_received("alice");
    Some(if has_asked {
        Diagnosis::new(
            "ends-when-refused",
            "A try found nobody at alice's port. An ICMP message came back and said so, and a connected \
             socket hands it on as the error ECONNREFUSED (connection refused) of its next call, be it a \
             send or a recv. That is no answer yet: alice may be back before the next try. Wait until \
             the 200 ms are over, and ask again.",
        )
    } else {
        Diagnosis::new(
            "nothing-over-udp",
            "Nothing came to alice over UDP, and your program was refused. Does it connect over TCP \
             (TcpStream)? Alice has a UDP socket, where there is nothing to connect to: use UdpSocket \
             and send_to.",
        )
    })
}

/// The question is not the id and the text.
fn flawed(case: &Case<'_>) -> Option<Diagnosis> {
    let meaning = match fact(case)? {
        question::NO_ID => {
            "Your program sent the text alone. Put two bytes of id in front of it, in the same datagram: \
             [&id, text.as_bytes()].concat()."
        }
        question::BEHIND => "Your program sent the text first. The id comes first, then the text.",
        question::ID_ALONE => {
            "Two bytes came and nothing behind them. Id and text belong into one datagram, sent with one \
             send_to: over UDP two sends are two datagrams, and nobody puts them together again."
        }
        question::NEWLINE => {
            "A newline follows the text. A datagram needs no mark at its end: its length says where it \
             ends. Send the id and the text and nothing else."
        }
        question::ZEROS => {
            "Zero bytes follow the text. Does your program send its whole buffer, or a text as C ends \
             it? Send the id and the text and nothing else."
        }
        question::DIGITS => {
            "The id came as text, in decimal digits. It is two bytes: id.to_be_bytes() of an u16."
        }
        question::LETTERS => {
            "The text is UTF-8, in which a letter may have several bytes: ü has two. Your program sent one \
             for each. as_bytes() gives all of them; `letter as u8` cuts a number down."
        }
        question::WIDE_ID => {
            "More than two bytes come before the text. The id is an u16, two bytes: to_be_bytes() of an \
             u32 gives four."
        }
        _ => return None,
    };
    Some(Diagnosis::new("other-question", meaning))
}

/// Tries that should be alike, and ids that should not.
fn tries_differ(case: &Case<'_>) -> Option<Diagnosis> {
    let meaning = match fact(case)? {
        NEW_ID => {
            "Each try of your program has an id of its own. Then an answer to an earlier try, which was \
             only late, looks like a wrong one. The id names the question: choose it once, before the \
             loop, and send the same datagram again."
        }
        OTHER_TEXT => {
            "Each try of your program has the same id, but not the same text. A try is the question, sent \
             again: the same datagram, byte by byte. Whoever receives only one of them must not see \
             which one it was."
        }
        ANOTHER_PORT => {
            "Each try of your program comes from another port. An answer goes to the port of its try: \
             the one to the first try, which is only late, finds that port closed. Open the socket once, \
             before the loop."
        }
        SAME_ID => {
            "Your program has the same id in every run. An answer to a question of yesterday, or one \
             that somebody has guessed, then looks like the right one. Choose it at random: \
             fastrand::u16(..)."
        }
        _ => return None,
    };
    Some(Diagnosis::new("tries-that-differ", meaning))
}

/// A try that did not come.
fn no_further_try(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Fact { what } = &case.failure.expected else {
        return None;
    };
    let which = what.strip_prefix("a ")?.strip_suffix(" try")?;
    if said(case, "panicked at") {
        return None;
    }
    let exited = matches!(case.failure.actual, Actual::Exited { .. });
    if which == "first" {
        let doing = if exited {
            "ended without having sent"
        } else {
            "has not sent"
        };
        return Some(Diagnosis::new(
            "never-asked",
            format!(
                "Your program {doing} a datagram to alice. Its first argument is her address, its second \
                 the text: bind a UDP socket to any port, and send_to her."
            ),
        ));
    }
    if !exited {
        return Some(if case.failure.decided_by == DecidedBy::Stall {
            waits_for_ever(case)
        } else {
            Diagnosis::new(
                "asks-too-seldom",
                format!(
                    "Your program should have sent its {which} try long ago. It waits 200 ms for an answer, and then asks again."
                ),
            )
        });
    }
    let sent_a_lie = was_sent(case, "alice") || was_sent(case, "mallory");
    Some(match case.evidence().status {
        Some(0) if sent_a_lie => took_a_wrong_answer(case),
        _ if sent_a_lie => Diagnosis::new(
            "ends-at-a-wrong-datagram",
            "Something came that is no answer, and your program ended. Anybody can send anything to a \
             port: other ids, old answers, a datagram of one byte, or of none. (Over UDP zero bytes are \
             not the end of anything.) Throw it away, and go on waiting for what is left of the 200 ms.",
        ),
        _ => Diagnosis::new(
            "gives-up-too-early",
            format!(
                "Your program gave up before its {which} try. A datagram may be lost, and the next one, \
                 too: send the question five times in all, and wait 200 ms after each."
            ),
        ),
    })
}

/// It ended well, with a datagram that is no answer.
fn took_a_wrong_answer(case: &Case<'_>) -> Diagnosis {
    let what = if has_printed_what(case, "mallory") {
        "It has the right id, but it comes from mallory: from alice's IP address and another port. An \
         answer comes from the address that was asked, all of it: compare the sender that recv_from \
         returns with the server's address."
    } else if has_printed_what(case, "trudy") {
        "It has the right id, but it comes from trudy: from alice's port number and another IP address. \
         An answer comes from the address that was asked, all of it: compare the sender that recv_from \
         returns with the server's address."
    } else {
        "It comes from alice, but with another id, or it is too short to have one. An answer begins with \
         the id of the question, both bytes. Look only at what was received: buffer[..received]. What is \
         behind that is left from before."
    };
    Diagnosis::new(
        "took-a-wrong-answer",
        format!(
            "Your program took something for the answer that is none, and ended. {what} Throw anything \
             else away, and go on waiting for what is left of the 200 ms."
        ),
    )
}

/// Whether the program has printed what `who` has sent.
fn has_printed_what(case: &Case<'_>, who: &str) -> bool {
    let mut output = case.evidence().output.iter();
    let sent = case.transcript.last_sent(who);
    sent.is_some_and(|lie| output.any(|line| line.contains(&lie.shown)))
}

/// Whether `who` has sent anything to the program that was started last.
fn was_sent(case: &Case<'_>, who: &str) -> bool {
    let events = case.transcript.events();
    let since_its_start = events
        .iter()
        .rev()
        .take_while(|event| !matches!(event.what, What::Starts { .. }));
    let mut sent = since_its_start.filter(|event| matches!(event.what, What::Sends { .. }));
    sent.any(|event| event.who == who)
}

/// recv without a limit, for an answer that was lost.
fn waits_for_ever(case: &Case<'_>) -> Diagnosis {
    let doing = match case.thread(Waits::ToReceive) {
        Some(thread) => format!("Its {} {}, without a limit.", thread.who, thread.doing()),
        None => "It waits without a limit.".into(),
    };
    Diagnosis::new(
        "waits-without-a-limit",
        format!(
            "Your program waits for an answer that will never come: the question, or the answer, was \
             lost, and nobody tells. {doing} Set a limit, set_read_timeout(Some(…)), and ask again when \
             the time is up: recv_from then returns an error of kind WouldBlock."
        ),
    )
}

/// Waits that are too short or too long.
fn pace(case: &Case<'_>) -> Option<Diagnosis> {
    let was_nagged = was_sent(case, "alice");
    Some(match fact(case)? {
        TOO_SHORT if was_nagged => Diagnosis::new(
            "asks-again-at-once",
            "Something came that is no answer, and your program asked again at once. Throw it away, and \
             go on waiting for what is left of the 200 ms: else anybody can make it send as fast as \
             they like.",
        ),
        TOO_SHORT => Diagnosis::new(
            "does-not-wait",
            "Your program asked again before an answer could come. After each send_to wait 200 ms for \
             the answer; only then send the question again. A network that loses datagrams since it is \
             full is not helped by more of them.",
        ),
        TOO_LONG if was_nagged => Diagnosis::new(
            "restarts-its-wait",
            "While datagrams came that are no answers, your program did not ask again: each of them \
             started its wait anew. The 200 ms are counted from the send. Compute the deadline once, \
             right after send_to, and before each recv_from give set_read_timeout what is left until \
             then.",
        ),
        TOO_LONG => Diagnosis::new(
            "waits-too-long",
            "Your program waited longer than 200 ms before it asked again. The wait is 200 ms after \
             each try, the same each time.",
        ),
        _ => return None,
    })
}

/// The end, without an answer.
fn parting(case: &Case<'_>) -> Option<Diagnosis> {
    if case.failure.expected == (Expected::Exit { status: 1 })
        && matches!(case.failure.actual, Actual::Nothing { .. })
    {
        return Some(Diagnosis::new(
            "never-gives-up",
            "Five tries were made and none was answered, and your program goes on. Wait 200 ms after the \
             fifth, too, and then print `no answer` to standard error and end with status 1.",
        ));
    }
    let actual = fact(case)?;
    if actual.ends_with("one came") {
        return Some(Diagnosis::new(
            "asks-too-often",
            "Your program sent the question more than five times. Who does not answer five times will \
             not answer, and somebody waits for your program: after five tries print `no answer` to \
             standard error and end with status 1.",
        ));
    }
    if actual.starts_with("it took more") {
        return Some(Diagnosis::new(
            "waits-too-long",
            "Your program waited longer than 200 ms after its last try. Each try has its 200 ms, and \
             five of them are a second.",
        ));
    }
    if !actual.starts_with("it ended less than") {
        return None;
    }
    let is_gone = case.transcript.events().into_iter().rev();
    let is_gone = is_gone
        .take_while(|event| !matches!(event.what, What::Starts { .. }))
        .any(|event| event.what == What::Closes);
    Some(if is_gone {
        Diagnosis::new(
            "does-not-wait-when-refused",
            "Alice was gone, so the other tries were refused. An ICMP message says so, and a connected \
             socket hands it on as the error ECONNREFUSED of its next call. Your program took that for \
             the end of the wait. It is no answer yet, alice may come back: go on waiting for what is \
             left of the 200 ms, and make all five tries.",
        )
    } else {
        no_last_wait()
    })
}

fn no_last_wait() -> Diagnosis {
    Diagnosis::new(
        "no-wait-after-the-last-try",
        "Your program gave up right after it had sent its last try: an answer to that one can only come \
         too late. Wait 200 ms after the fifth try as after the others.",
    )
}

/// How many tries the program that was started last had made before it got an answer.
fn tries(case: &Case<'_>) -> usize {
    let events = case.transcript.events();
    let start = events
        .iter()
        .rposition(|event| matches!(event.what, What::Starts { .. }));
    let events = events[start.unwrap_or(0)..].iter();
    let before = events.take_while(|event| !matches!(event.what, What::Sends { .. }));
    let came = |what: &What| matches!(what, What::Receives { .. } | What::Network { .. });
    before.filter(|event| came(&event.what)).count()
}

/// What it printed in place of the answer's text, or of `no answer`.
fn printed(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Print { what, .. } = &case.failure.expected else {
        return None;
    };
    let evidence = case.evidence();
    let mut output = evidence.output.iter();
    if what == "`no answer`" {
        let elsewhere = output.any(|line| line.contains("no answer"));
        return Some(Diagnosis::new(
            "does-not-say-that-there-is-no-answer",
            if elsewhere {
                "Your program printed `no answer` on standard output, where whoever has started it \
                 expects the answer's text. What is not the answer goes to standard error: eprintln!."
            } else {
                "After five tries without an answer print `no answer` to standard error: \
                 eprintln!(\"no answer\")."
            },
        ));
    }
    if has_printed_what(case, "mallory") || has_printed_what(case, "trudy") {
        return Some(took_a_wrong_answer(case));
    }
    match &case.failure.actual {
        Actual::Exited { .. } if said(case, "no answer") && tries(case) >= 5 => {
            Some(no_last_wait())
        }
        Actual::Exited { .. } if said(case, "no answer") => Some(Diagnosis::new(
            "missed-the-answer",
            "Alice has answered, and your program did not take that for the answer. An answer begins \
             with the id of the question, and comes from the address that was asked. It may come after \
             the next try was sent: take it all the same.",
        )),
        Actual::Other { what } if what.contains("only the first") => Some(Diagnosis::new(
            "truncated",
            "Your program printed only the beginning of the answer. What does not fit into the buffer \
             of recv_from is lost. Give it room for the largest datagram: vec![0; 65_535].",
        )),
        Actual::Other { .. } | Actual::Different { .. }
            if output.any(|line| line.contains('\u{fffd}')) =>
        {
            Some(Diagnosis::new(
                "takes-bytes-for-text",
                "The text of an answer is bytes, of any value, and your program took it for UTF-8: what \
                 is none was replaced. Write the bytes as they are: io::stdout().write_all(…).",
            ))
        }
        Actual::Different { difference } if difference.offset == 0 => Some(Diagnosis::new(
            "prints-something-else",
            "What your program printed does not begin with the answer's text. The text is what follows \
             the two bytes of the id in alice's datagram: &buffer[2..received].",
        )),
        Actual::Other { what } if what.contains("and then") => Some(Diagnosis::new(
            "prints-too-much",
            "Your program printed the answer, and more. If the answer came twice: the first one is \
             enough, end with it. If zeros follow: print only what was received, &buffer[2..received].",
        )),
        _ => None,
    }
}

/// It said that there is no answer, and there was one.
fn status(case: &Case<'_>) -> Option<Diagnosis> {
    let expects_success = case.failure.expected == (Expected::Exit { status: 0 });
    (expects_success && said(case, "no answer")).then(|| {
        Diagnosis::new(
            "missed-the-answer",
            "Alice has answered: the id is there, and the text behind it is empty. That is an answer, \
             too. Print nothing, or an empty line, and end with status 0.",
        )
    })
}
