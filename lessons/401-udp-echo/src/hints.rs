//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "one-datagram",
        &[
            "Over UDP there is no connection: no listen, no accept. One socket receives from everybody.",
            "socket with SocketType::DGRAM, then bind. recvfrom gives the bytes and who has sent them; \
             sendto wants to know where to.",
            "    let (received, _, sender) = recvfrom(socket, &mut buffer[..], \
             RecvFlags::empty())?;\n    if let Some(sender) = sender {\n        sendto(socket, \
             &buffer[..received], SendFlags::empty(), &sender)?;\n    }",
        ],
    ),
    Hints::new(
        "boundaries-are-kept",
        &[
            "Three datagrams came, and three must go back: each by itself, and unchanged.",
            "One recvfrom is one datagram, whole. Send it back before you receive the next; collect \
             nothing, and do not take it for text.",
            "Only &buffer[..received] is the datagram. What stands behind it in the buffer is left \
             over from earlier ones.",
        ],
    ),
    Hints::new(
        "empty-datagram",
        &[
            "recvfrom returned 0. Over TCP that was the end. What is it here?",
            "A datagram of no bytes is a datagram. It is to be answered with one of no bytes, and the \
             server stays.",
            "Take out the `if received == 0` of the TCP server. sendto with an empty slice sends an \
             empty datagram.",
        ],
    ),
    Hints::new(
        "largest-datagram",
        &[
            "How much does your buffer hold? What does not fit into it is lost, and nobody is told.",
            "UDP counts a datagram's length in 16 bits, so 65,535 bytes are room for any of them.",
            "    let mut buffer = vec![0; 65_535];",
        ],
    ),
    Hints::new(
        "senders-are-told-apart",
        &[
            "Two clients use one socket by turns. How does your program know whom it is answering?",
            "Each datagram comes with its own sender. Remember none of them, and do not connect the \
             socket: then it hears nobody else.",
            "Answer to the sender that this very recvfrom has given.",
        ],
    ),
    Hints::new(
        "answers-from-its-own-port",
        &[
            "A client takes an answer only from the address to which it has sent. From where does \
             yours come?",
            "Answer through the socket that has received. A second socket has another port; a socket \
             that is bound to 0.0.0.0 may answer from another IP address.",
            "One socket, bound to exactly the address of the command line, for recvfrom and for \
             sendto.",
        ],
    ),
    Hints::new(
        "a-vanished-sender",
        &[
            "mallory's port is closed when the answer comes. Her machine says so, and some sockets \
             hand that on as an error. What does it end in your program?",
            "An error of one datagram tells of one sender. A ? in the loop over all datagrams ends the \
             server for everybody.",
            "    if let Err(error) = echo(&socket) {\n        eprintln!(\"udp-echo: {error}\");\n    }",
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
