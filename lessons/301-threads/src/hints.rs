//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "counts",
        &[
            "Each line comes back with its number before it. What is a line: what one read brings, or \
             what ends with a newline?",
            "A line may hold any bytes, and none. read_until(b'\\n', …) of a BufReader gives it; lines() \
             wants text. What has no newline when the input ends is no line.",
            "    let mut answer = format!(\"{number} \").into_bytes();\n    answer.extend(line);\n    \
             connection.write_all(&answer)",
        ],
    ),
    Hints::new(
        "counts-per-connection",
        &[
            "The second client's first line has number 1, too. Where does your counter live?",
            "In a variable of the function that serves one client. A static, or a map that outlives the \
             connection, goes on where the last one ended.",
        ],
    ),
    Hints::new(
        "interleaved",
        &[
            "Three clients speak by turns. While your program waits for one of them, who looks after the \
             others?",
            "A thread for each: the one that accepts starts it, and goes back to accept at once.",
            "    let (connection, _) = listener.accept()?;\n    thread::Builder::new().spawn(move || \
             answer_lines(&connection))?;\n\nNo join in that loop: it would wait for the client to \
             leave.",
        ],
    ),
    Hints::new(
        "last-come-first-served",
        &[
            "Who connected last speaks first. Does your program wait for the first client before it \
             looks at the others?",
            "Nothing between accept and the next accept may wait for a client: no read, no join, no \
             lock that a client's thread holds while it waits.",
        ],
    ),
    Hints::new(
        "a-stalled-client-stalls-nobody",
        &[
            "One client has sent half a line and fallen silent. What do the others wait for?",
            "A lock that is held while its holder waits for bytes stops everybody. So does a pool of a \
             few threads that silent clients fill.",
            "Hold no lock across a read or a write, and give each client a thread of its own.",
        ],
    ),
    Hints::new(
        "two-hundred-at-once",
        &[
            "Two hundred clients are connected at the same time. Is there a limit in your program on \
             how many it serves?",
            "A pool of eight threads serves eight. A thread per client costs little here: most of them \
             sleep.",
        ],
    ),
    Hints::new(
        "threads-end",
        &[
            "Forty clients have left, and their threads are still there. What do they wait for?",
            "A thread ends when its function returns: when the read says that the input is over, return. \
             A loop that goes on after 0 bytes never ends.",
            "    while let Some(line) = next_line(&mut reader)? {\n        …\n    }\n    Ok(())",
        ],
    ),
    Hints::new(
        "survives-a-reset",
        &[
            "A client crashed. A panic in its thread ends that thread; what else does your program lose \
             with it?",
            "A Mutex that a panicking thread held is poisoned, and unwrap on it panics in all others. \
             And an error of accept, or of spawn, is no reason to leave.",
            "    if let Err(error) = answer_lines(&connection) {\n        eprintln!(\"threads: \
             {error}\");\n    }",
        ],
    ),
];
