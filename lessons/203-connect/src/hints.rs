//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "connects",
        &[
            "socket makes a socket, and connect calls the server. With a socket that does not block, \
             connect comes back before the answer is there. Which error does it give then, and is it \
             one?",
            "EINPROGRESS means: under way. poll with PollFlags::OUT waits until it is decided, and \
             socket_error asks how.",
            "    match connect(&connection, &address) {\n        Err(Errno::INPROGRESS) => \
             wait_for_the_answer(&connection, timeout)?,\n        at_once => at_once?,\n    }",
        ],
    ),
    Hints::new(
        "names-both-ends",
        &[
            "A connection has two ends with an address each. One of them the kernel has chosen when you \
             connected: it is not on your command line.",
            "getsockname gives your own end, getpeername the other one. First comes your own.",
            "    let local = SocketAddr::try_from(getsockname(connection)?)?;",
        ],
    ),
    Hints::new(
        "refused",
        &[
            "Nobody listens there, and the other machine says so at once. What does your program hear \
             of it?",
            "With a socket that does not block, poll says ready for a connection that has failed, too: \
             ready means decided. The answer is in socket_error.",
            "    socket_error(connection)??;\n\nThe first ? is for the question, the second for the \
             answer: Errno::CONNREFUSED. That one is the word refused, and status 1.",
        ],
    ),
    Hints::new(
        "timeout",
        &[
            "Nobody answers, neither yes nor no. The kernel would try for minutes. Who is to give up \
             after TIMEOUT_MS?",
            "poll takes a time limit, in a Timespec. When it returns 0, nothing has happened within it.",
            "Make the socket non-blocking before connect (ioctl_fionbio), or connect itself waits, and \
             poll comes too late.\n\n    if poll(&mut waiting, Some(&timeout))? == 0 {\n        return \
             Err(Errno::TIMEDOUT);\n    }",
        ],
    ),
    Hints::new(
        "unreachable",
        &[
            "Where no route leads, connect fails at once, with an error of its own.",
            "Two errors say it: Errno::NETUNREACH and Errno::HOSTUNREACH. Both are the word \
             unreachable, and status 3.",
        ],
    ),
    Hints::new(
        "anything-else",
        &[
            "What does your program do with an ADDRESS that is none? A panic has status 101.",
            "parse gives a Result. Everything that is not one of the other answers is the word error, \
             and status 4: in one `_ =>` arm.",
        ],
    ),
    Hints::new(
        "closes",
        &[
            "The server waits for the end of the connection. What ends it, when your program does?",
            "Let the connection go out of scope before the program ends, with nothing left unread. No \
             SO_LINGER of 0, which resets it.",
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
