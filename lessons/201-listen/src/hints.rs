//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "announces-the-port",
        &[
            "Port 0 asks the kernel for any free port. Your program was told 0, so it cannot know by \
             itself which one it has got. Who does?",
            "Ask the socket, once it is bound: getsockname(&listener) gives its address as the kernel \
             sees it. SocketAddr::try_from turns that into one that println! can show.",
            "After listen:\n\n    let address = SocketAddr::try_from(getsockname(&listener)?)?;\n    \
             println!(\"listening on {address}\");",
        ],
    ),
    Hints::new(
        "given-port",
        &[
            "The address stands on the command line, and the grader looks for a socket that listens \
             exactly there. Which of your calls is given the address?",
            "Three calls in this order: socket makes it, bind gives it the address, listen makes the \
             kernel accept connections for it.",
            "bind(&listener, &address)? with the address of the command line, and nothing else. The \
             socket must live on after the function: return it.",
        ],
    ),
    Hints::new(
        "listens-before-announcing",
        &[
            "Who reads your line may connect in the same moment. What would happen to them if you had \
             not called listen yet?",
            "The order is socket, bind, listen, and only then println!.",
        ],
    ),
    Hints::new(
        "address-in-use",
        &[
            "bind fails when somebody has the address already. Where does that error go in your \
             program?",
            "Hand it to the caller: a ? behind bind. main prints it on standard error and ends with \
             status 1.",
            "No unwrap and no expect: a panic ends a program with status 101, and no `let _ = \
             bind(…)`: then nobody learns of it. `bind(&listener, &address)?;` is all.",
        ],
    ),
    Hints::new(
        "backlog-is-passed-on",
        &[
            "The second argument on the command line says how many connections may wait. One of your \
             calls wants to know that.",
            "It is the second argument of listen. A number that you wrote there yourself is the same \
             for everybody.",
            "listen(&listener, backlog)?",
        ],
    ),
    Hints::new(
        "clients-wait-in-the-queue",
        &[
            "Clients connect though your program never calls accept: the kernel does that part, for as \
             long as the socket listens.",
            "Is your socket still there when they come? An OwnedFd closes when it goes out of scope, \
             so whoever waits for the end of input must still hold it.",
            "Keep it in a variable of serve:\n\n    let listener = open(address, backlog)?;\n    \
             …\n    wait_for_the_end_of_input()?;\n\nNot `let _ = open(…)`: that closes it at once.",
        ],
    ),
    Hints::new(
        "ipv6",
        &[
            "An address of the other family wants a socket of the other family.",
            "AddressFamily::INET for SocketAddr::V4, AddressFamily::INET6 for SocketAddr::V6: look at \
             the address before you call socket.",
            "    let family = match address {\n        SocketAddr::V4(_) => AddressFamily::INET,\n        \
             SocketAddr::V6(_) => AddressFamily::INET6,\n    };",
        ],
    ),
    Hints::new(
        "ends-with-its-input",
        &[
            "The program is to end when its standard input does, and not before. Reading tells when \
             that is.",
            "A read that gives 0 bytes is the end of input. One line, or one read, is not.",
            "io::copy(&mut io::stdin(), &mut io::sink())? reads to the end and forgets what it was.",
        ],
    ),
];
