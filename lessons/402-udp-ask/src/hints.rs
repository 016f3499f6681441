//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "asks",
        &[
            "A question is one datagram: first the two bytes of the id, then the text, and nothing \
             between. The answer is made the same way. What of it is to be printed?",
            "Only what is behind the id, as bytes: an answer need not be text. The buffer must have \
             room for the largest datagram, 65,535 bytes, or the end of a long one is cut off.",
            "    let question = [&id, text.as_bytes()].concat();\n\nand of what was received:\n\n    \
             buffer[..received].strip_prefix(&id)",
        ],
    ),
    Hints::new(
        "asks-again",
        &[
            "A datagram may be lost, and nobody tells you. What does your program do when recv_from \
             has nothing to give for 200 ms?",
            "set_read_timeout makes recv_from give up: with ErrorKind::WouldBlock or TimedOut. That is no \
             failure here; it is the moment to send once more.",
            "answer_before gives Ok(None) when the time is up, and the loop in ask sends again. So an \
             error of kind WouldBlock must not leave the function by ?.",
        ],
    ),
    Hints::new(
        "same-id-on-retry",
        &[
            "The answer to the first try may only be late. Would you know it for an answer after the \
             second try?",
            "Choose the id once, before the loop, and send the same bytes each time.",
        ],
    ),
    Hints::new(
        "gives-up",
        &[
            "Five tries, each with a wait of 200 ms behind it, the last one, too. Then the words no \
             answer on standard error, and status 1.",
            "An error like ConnectionRefused says that nobody listens there now. It is no answer: wait \
             for the rest of the 200 ms, and try again.",
        ],
    ),
    Hints::new(
        "wrong-id",
        &[
            "Somebody else's answer has come. How long do you wait now? Not for another 200 ms.",
            "A deadline is a moment; a time limit is a span. Keep the moment, and before each recv_from \
             ask how much is left until then.",
            "    let left = deadline.saturating_duration_since(Instant::now());\n    if left.is_zero() \
             {\n        return Ok(None);\n    }\n    socket.set_read_timeout(Some(left))?;",
        ],
    ),
    Hints::new(
        "wrong-sender",
        &[
            "Anybody can send a datagram to your port, with the right id, too. What else do you know of \
             the one that you wait for?",
            "recv_from gives the sender's address beside the bytes. Is it the one that you asked?",
        ],
    ),
    Hints::new(
        "late-duplicate",
        &[
            "The answer to your first try comes after your second one. It has the right id.",
            "It does not matter which try it answers, and what comes after it is nobody's concern: print \
             it and end.",
        ],
    ),
    Hints::new(
        "empty-answer",
        &[
            "How long is the shortest answer?",
            "Two bytes: the id, and a text of no bytes. That is an answer; only what has less than two \
             bytes is none.",
        ],
    ),
    Hints::new(
        "random-ids",
        &[
            "Who can guess your id can answer in another's name.",
            "    let id = fastrand::u16(..).to_be_bytes();",
        ],
    ),
];
