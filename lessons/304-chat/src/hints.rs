//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "asks-the-name",
        &[
            "The server speaks first, and to each client at once. What is the first line, and what \
             comes after the name?",
            "name? and a newline, before anything is read. Who joins an empty room hears `here:` alone.",
        ],
    ),
    Hints::new(
        "bad-names",
        &[
            "A name is 1 to 16 ASCII letters and digits. What of that does your program look at?",
            "Neither trim() nor is_alphanumeric(): the first hides a CR, the second lets in letters \
             beyond ASCII.",
            "    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric());\n    letters && \
             (1..=16).contains(&name.len())\n\nElse a line that begins with `error:`, and the end.",
        ],
    ),
    Hints::new(
        "taken-name",
        &[
            "Two of the same name cannot be told apart. What happens to the one who is in the room \
             already?",
            "Looking whether a name is taken and taking it must be one step, under one lock. And who \
             was refused never joined, so nobody may be taken out of the room when it goes.",
        ],
    ),
    Hints::new(
        "name-free-again",
        &[
            "Who has left is in the room no more. Does your list of members know?",
            "Take the name out on every way that leads out of the function for one member.",
        ],
    ),
    Hints::new(
        "relays-to-others-not-to-self",
        &[
            "Everyone else hears a line as it was said, and the one who said it does not.",
            "`NAME: TEXT`, byte for byte: spaces and a CR belong to the text. An empty line says \
             nothing.",
        ],
    ),
    Hints::new(
        "announces-joining-and-leaving",
        &[
            "There are many ways to leave. Which of them does your program not tell the others of?",
            "Put it where every way passes: let the loop of lines be a function of its own, keep what \
             it returns, take the member out, tell the others, and only then return the error.",
            "    let ended = relay_lines(&mut reader, &name, room);\n    room.leave(&name);\n    \
             ended\n\nAnd keep the order in which they joined: a Vec, not a HashMap.",
        ],
    ),
    Hints::new(
        "lurkers-are-invisible",
        &[
            "Who has given no name is not in the room: it hears nothing, and nobody hears of it.",
            "Add a client to the list only when its name has come, complete with its newline, and is \
             allowed.",
        ],
    ),
    Hints::new(
        "reset-is-leaving",
        &[
            "A client crashed, and recv said ECONNRESET. Who is told that it has left?",
            "A ? in the loop of lines returns past the place where the member is taken out. Take it out \
             first, then hand the error on.",
        ],
    ),
    Hints::new(
        "split-and-coalesced-lines",
        &[
            "A line ends at its newline, not where a read ends; and the name and the first lines may \
             come together.",
            "One BufReader for the connection, from the first line on. With a second one, what the first \
             has read ahead is lost. Make text of a line when it is complete, not of each piece.",
        ],
    ),
    Hints::new(
        "keeps-each-senders-order",
        &[
            "Two speak fast, and lines are missing, or come in another order. Which way does a line go \
             through your program?",
            "One queue for each receiver, in which lines stay in order, and nothing that forgets lines: \
             a few kilobytes must find room. Not a thread for each line.",
        ],
    ),
    Hints::new(
        "a-member-who-does-not-read",
        &[
            "One member reads nothing, and a send to it waits. Who waits with it?",
            "Never send while you hold the lock of the room. An outbox for each member: who speaks puts \
             a line in and goes on, and a thread of the receiver's own sends.",
            "And the outbox has a limit: who has a megabyte waiting is dropped, with \
             shutdown(Shutdown::Both), which also ends a send that waits.",
        ],
    ),
    Hints::new(
        "hundred-members",
        &[
            "A hundred members at the same time. Is there a table or a pool of fixed size in your \
             program?",
            "A Vec that grows, and a thread for each client. And no lock that is held while somebody \
             else is waited for.",
        ],
    ),
];
