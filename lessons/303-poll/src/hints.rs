//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "echoes",
        &[
            "Readiness in place of waiting: poll says which sockets have something to do, and only then \
             is one of them asked.",
            "All sockets are non-blocking, the listener too. WouldBlock is no error: it says \"nothing \
             now\", and the loop goes on.",
            "What write does not take is kept, and sent when poll says OUT: write may take less than it \
             is given.",
        ],
    ),
    Hints::new(
        "five-hundred-at-once",
        &[
            "Five hundred clients at the same time. Where does your program keep them?",
            "A Vec of clients, and a Vec of PollFd made from it before each poll. When one leaves, take \
             care that results and clients still belong together.",
            "clients.retain_mut, with the results in the same order as the clients were in.",
        ],
    ),
    Hints::new(
        "one-thread",
        &[
            "One thread, however many clients there are. Who starts another in your program?",
            "No thread::spawn, and no runtime that starts a pool: one loop, one poll.",
        ],
    ),
    Hints::new(
        "a-reader-who-does-not-read",
        &[
            "alice reads nothing. Where does your program wait, and who waits with it?",
            "write_all waits, or gives up in the middle. Use write once, keep what it did not take, and \
             ask poll for OUT on this connection.",
            "    let sent = self.stream.write(&self.unsent)?;\n    self.unsent.drain(..sent);",
        ],
    ),
    Hints::new(
        "bounded-memory",
        &[
            "What a client sends and does not take back, your program keeps. How much can that become?",
            "While something for a client is unsent, receive no more from it: ask poll for OUT alone. \
             The kernel then slows the sender down by itself.",
            "    if self.unsent.is_empty() {\n        PollFlags::IN\n    } else {\n        \
             PollFlags::OUT\n    }",
        ],
    ),
    Hints::new(
        "idles-when-idle",
        &[
            "Nobody says anything, and your program is busy. What does it ask again and again?",
            "poll without a limit (None) sleeps until there is something to do. A limit of 0 never \
             sleeps; OUT is true nearly always, so ask for it only while something is unsent; and a \
             connection that has ended is always readable.",
        ],
    ),
    Hints::new(
        "half-close",
        &[
            "The client has ended its sending half, and part of its answer is still with you.",
            "An end of input is not an end of output: first send what is unsent, then close. While \
             something is unsent, poll asks for OUT, not for IN.",
        ],
    ),
    Hints::new(
        "survives-a-reset",
        &[
            "A client crashed, in the midst of others. What does your loop do with the error?",
            "Remove this one client, and go on with the next. Removing while you walk through the list \
             shifts the others: retain_mut does it right.",
        ],
    ),
];
