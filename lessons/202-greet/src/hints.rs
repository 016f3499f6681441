//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "greets",
        &[
            "Read the report's comparison byte by byte: what did you send, and what does the chapter \
             ask for? A line on the network ends with two bytes.",
            "The line is `hello `, the address, and \\r\\n. Nothing before it, nothing behind it, and \
             no zero bytes of a buffer that was larger than the line.",
            "    let greeting = format!(\"hello {caller}\\r\\n\");\n    send(connection, \
             greeting.as_bytes(), SendFlags::NOSIGNAL)?;",
        ],
    ),
    Hints::new(
        "names-the-caller",
        &[
            "A connection has two ends with an address each. Which of them is in your line?",
            "acceptfrom gives two things: the connection, and the address of who has called. That \
             second one is meant; getsockname would tell your own.",
            "    let (connection, caller) = acceptfrom(listener)?;\n    let caller = \
             caller.ok_or(Errno::NOTCONN)?;\n    Ok((connection, caller.try_into()?))",
        ],
    ),
    Hints::new(
        "closes-after-the-greeting",
        &[
            "The client reads until the connection ends. What in your program ends it?",
            "Dropping an OwnedFd closes it. If the connection does not end, somebody still holds it: a \
             Vec, a copy made with dup, a thread that waits.",
            "Let the connection go out of scope at the end of each round of the loop, and keep it \
             nowhere. Do not wait for the client to leave first.",
        ],
    ),
    Hints::new(
        "one-after-another",
        &[
            "After the first client there is a second. Which call brings the next one?",
            "accept gives one connection each time. It belongs inside a loop; socket, bind and listen \
             stand before it, once.",
            "    let listener = open(address)?;\n    loop {\n        let (connection, caller) = \
             next_client(&listener)?;\n        …\n    }",
        ],
    ),
    Hints::new(
        "speaks-first",
        &[
            "This client says nothing: it waits for you. Does your program wait for it?",
            "There is no recv in this lesson. In this protocol the server speaks first, and a client \
             that has ended its sending half is not gone.",
            "Take out every recv and every read before the send: accept, send, close.",
        ],
    ),
    Hints::new(
        "leaks-no-descriptors",
        &[
            "After a hundred clients your program holds more descriptors than after one. Each \
             connection is a descriptor until it is closed.",
            "shutdown tells the client of the end, and does not close the descriptor. Neither does \
             std::mem::forget, nor a connection that is kept in a Vec.",
            "Dropping the OwnedFd is what closes it: let it go out of scope in the loop.",
        ],
    ),
    Hints::new(
        "survives-a-reset",
        &[
            "A client may be gone before you greet it. Then send fails. What does that failure end in \
             your program: the connection, or the server?",
            "A ? behind greet hands the error out of the loop, and the program ends. An unwrap ends it \
             even sooner.",
            "    if let Err(error) = greet(&connection, caller) {\n        eprintln!(\"greet: {caller}: \
             {error}\");\n    }\n\nThe same goes for whatever else you ask about one connection.",
        ],
    ),
    Hints::new(
        "ipv6",
        &[
            "Two things differ for IPv6: the family of the socket, and how the address is written with \
             its port.",
            "In text an IPv6 address stands in brackets before its port: [::1]:8000. A SocketAddr \
             writes itself like that; an address and a port that you put together do not.",
            "AddressFamily::INET6 for SocketAddr::V6, and `{caller}` with caller as a SocketAddr.",
        ],
    ),
];
