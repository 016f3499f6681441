//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "one-message",
        &[
            "Three steps for one message: take the connection, receive, send back what came.",
            "recv gives the number of bytes that have come. Only that much of the buffer is the \
             message; the rest is what stood there before.",
            "    let mut buffer = [0; 4096];\n    let (received, _) = recv(connection, &mut buffer[..], \
             RecvFlags::empty())?;\n    send(connection, &buffer[..received], SendFlags::NOSIGNAL)?;\n\n\
             That is one message. The next check asks for more.",
        ],
    ),
    Hints::new(
        "keeps-echoing",
        &[
            "The first message came back, the second did not. Where does your program wait now? The \
             report says it.",
            "One connection carries many messages. recv belongs in a loop of its own, inside the one \
             that accepts.",
            "    loop {\n        let (received, _) = recv(…)?;\n        if received == 0 {\n            \
             return Ok(());\n        }\n        …\n    }",
        ],
    ),
    Hints::new(
        "split-anywhere",
        &[
            "These messages arrive byte by byte. What is your program waiting for?",
            "TCP has no messages: recv gives what is there, and that may be one byte. Do not wait for \
             a newline, nor for the buffer to be full (read_exact and read_line do).",
            "Send back what recv gave, at once, however little it is: &buffer[..received].",
        ],
    ),
    Hints::new(
        "any-length",
        &[
            "Which length fails? Compare it with the size of your buffer.",
            "A message that is longer than the buffer takes several rounds of recv and send. And send \
             may take less than it is given: it returns how much.",
            "    while !bytes.is_empty() {\n        let sent = send(connection, bytes, \
             SendFlags::NOSIGNAL)?;\n        bytes = &bytes[sent..];\n    }",
        ],
    ),
    Hints::new(
        "binary-safe",
        &[
            "What comes need not be text. Does something in your program take it for text?",
            "String::from_utf8_lossy, trim, lines and to_string change bytes. A &[u8] from recv to \
             send is all that is needed.",
        ],
    ),
    Hints::new(
        "half-close",
        &[
            "The client has said that it will send no more, and waits for the rest of its answer. \
             What does your program do when recv returns 0?",
            "First send back all that came before, then close. An end that arrives is no reason to \
             drop what is still to be sent, and send may need several calls for it.",
            "Only `received == 0` ends the loop, and it can only come when everything before it has \
             been received and sent. Then return, and let the connection go out of scope: that tells \
             the client of your end.",
        ],
    ),
    Hints::new(
        "one-after-another",
        &[
            "After the first client comes another. Which of your loops brings it?",
            "When recv returns 0 this connection is over, and the program goes back to accept: return \
             from the function for one client, not from the one for all.",
            "    loop {\n        let connection = next_client(&listener)?;\n        \
             echo(&connection)…\n    }",
        ],
    ),
    Hints::new(
        "says-nothing-unasked",
        &[
            "Something comes from your program that the client did not send. The report shows the \
             bytes.",
            "No greeting, no prompt, no newline. Perhaps you send the whole buffer and not just \
             &buffer[..received].",
        ],
    ),
    Hints::new(
        "survives-a-reset",
        &[
            "A client crashed, and recv said ECONNRESET. What does that error end in your program: the \
             connection, or the server?",
            "A ? hands the error on to the caller. That is right inside the function for one client, \
             and wrong in the loop over all of them.",
            "    if let Err(error) = echo(&connection) {\n        eprintln!(\"echo: {error}\");\n    }",
        ],
    ),
    Hints::new(
        "survives-silence",
        &[
            "A client that connects and leaves without a word: what does the very first recv return?",
            "It returns 0. That must end the connection as it does later, without a panic and without \
             a round through send.",
        ],
    ),
    Hints::new(
        "ipv6",
        &[
            "An address of the other family wants a socket of the other family.",
            "    let family = match address {\n        SocketAddr::V4(_) => AddressFamily::INET,\n        \
             SocketAddr::V6(_) => AddressFamily::INET6,\n    };",
        ],
    ),
];
