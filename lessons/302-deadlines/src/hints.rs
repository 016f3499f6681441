//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "closes-an-idle-client",
        &[
            "The client has fallen silent. What does your program wait for, and for how long?",
            "A read can be given a time limit: set_read_timeout. When it gives up, it says so with an \
             error: WouldBlock on Linux, TimedOut elsewhere.",
            "IDLE_MS is in milliseconds, and it runs from the last complete line: set the deadline \
             anew after each.",
        ],
    ),
    Hints::new(
        "silent-from-the-start",
        &[
            "This client never says anything. From when does its time run?",
            "From the moment when it is accepted: the first deadline is set before the first read.",
        ],
    ),
    Hints::new(
        "keeps-a-slow-but-live-one",
        &[
            "A line comes every IDLE_MS/2: always in time. Why is this client cut off, or a line lost?",
            "Each complete line buys the whole time again. And a line may come in pieces: keep the half \
             that is there when a read gives up, or comes back with too little.",
        ],
    ),
    Hints::new(
        "trickle-buys-no-time",
        &[
            "A byte now and then, and never a newline. Your timeout begins anew with every read: how \
             long can that go on?",
            "A timeout is how long one read may take. A deadline is a point in time. Note the point, \
             and give each read only what is left until then.",
            "    let left = deadline.saturating_duration_since(Instant::now());\n    if left.is_zero() \
             {\n        return Ok(None);\n    }\n    connection.set_read_timeout(Some(left))?;",
        ],
    ),
    Hints::new(
        "others-unaffected",
        &[
            "Four clients have fallen silent, each with a time of its own. Whom does your program wait \
             for?",
            "A thread for each client, with its own deadline, as in 301; or one poll with the nearest of \
             all deadlines.",
        ],
    ),
    Hints::new(
        "orderly-end",
        &[
            "When the time is over, the client should see an end, not a reset.",
            "Let the connection go out of scope; do not set SO_LINGER to 0. What has been received \
             without a newline is simply forgotten.",
        ],
    ),
    Hints::new(
        "survives-a-reset",
        &[
            "A client crashed. What does the error end in your program: its connection, or the server?",
            "An error of one client ends its thread. An error of spawn sends one client away. Neither \
             leaves the loop that accepts.",
        ],
    ),
];
