//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "sends-and-prints",
        &[
            "Two things: what comes on standard input goes to the server, and what comes from the \
             server goes to standard output.",
            "Each of the two is a loop: read and send until the input ends; recv and print until recv \
             returns 0.",
            "Begin with one after the other, to see both work. The later checks want them at the same \
             time: a thread for one of them.",
        ],
    ),
    Hints::new(
        "reply-in-pieces",
        &[
            "The answer comes in several pieces, with time between them. Is each on the screen before \
             the next comes?",
            "One recv is one piece, not the answer. And print! keeps what comes after the last newline \
             to itself until it is told otherwise.",
            "    io::stdout().write_all(&buffer[..received])?;\n    io::stdout().flush()?;",
        ],
    ),
    Hints::new(
        "binary-safe",
        &[
            "What goes through need not be text. Does something in your program take it for text?",
            "read_line, lines, String::from_utf8_lossy and println! are for text. Read into a buffer \
             of bytes, and write_all what came.",
        ],
    ),
    Hints::new(
        "server-speaks-first",
        &[
            "The server has something to say before you type anything. Where does your program wait \
             at that moment?",
            "While one thread waits for the input, another must wait for the server.",
            "    thread::spawn(move || send_input(&sending));\n    print_answers(&connection)\n\nBoth \
             use the same socket: an Arc<OwnedFd>. And flush, since a prompt has no newline.",
        ],
    ),
    Hints::new(
        "ends-its-sending-half",
        &[
            "This server answers only when it knows that you are done. How could it know, while your \
             end is open?",
            "Your input has ended: say so, and go on receiving. Closing would end both halves.",
            "shutdown(connection, Shutdown::Write)? behind the loop that sends.",
        ],
    ),
    Hints::new(
        "server-ends-early",
        &[
            "The server has ended, and your input has not. What is there still to wait for?",
            "When recv returns 0 the program is done, with status 0, even if a thread still waits for \
             the input.",
            "Let the main thread print the answers, and let it return at the end: that ends the other \
             thread, too. Do not join it.",
        ],
    ),
    Hints::new(
        "both-directions-at-once",
        &[
            "Much goes out and much comes back. If both sides only send, both wait for the other to \
             receive. Where does your program wait?",
            "Receiving must go on while you send: in two threads. In turns it works only for as long as \
             everything fits into the kernel's buffers.",
            "And send may take less than it is given: go on with the rest, until all of it is gone.",
        ],
    ),
    Hints::new(
        "reset-is-an-error",
        &[
            "A reset is not an orderly end: recv gives an error for the one, and 0 for the other.",
            "Print what came before it, say on standard error what happened, and end with status 1.",
            "`recv(…)?` in a function whose error main prints, with ExitCode::FAILURE, does all of \
             that. No `unwrap_or(0)`, and no `while let Ok(…)`, which take it for an end.",
        ],
    ),
    Hints::new(
        "refused",
        &[
            "connect fails. Who is told, and how?",
            "A line on standard error, and status 1: hand the error up to main with ?.",
        ],
    ),
];
