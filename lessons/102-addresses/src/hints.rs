//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "ipv4-to-bytes",
        &[
            "An IPv4 address is four bytes, and each byte is two digits. How many digits does your \
             answer have for 10.0.0.1?",
            "Ipv4Addr parses the text, and octets() gives its four bytes. {:02x} writes a byte with \
             two digits; {:x} loses a zero.",
            "    let ip: Ipv4Addr = text.parse().map_err(|_| \"this is no IPv4 address\")?;\n    \
             Ok(ip.octets())",
        ],
    ),
    Hints::new(
        "ipv4-from-bytes",
        &[
            "The way back: digits, two at a time, become bytes, and the bytes an address.",
            "Digits may be written in either case: 7F is 7f. to_digit(16) takes both.",
            "SocketAddrV4::new(ip.into(), u16::from_be_bytes(port)).to_string()",
        ],
    ),
    Hints::new(
        "network-byte-order",
        &[
            "Port 8080 is 0x1f90. Which of its two bytes comes first on the network, and which in your \
             answer?",
            "The more significant byte comes first, whatever the machine does with its own numbers: \
             big-endian.",
            "port.to_be_bytes() in one direction, u16::from_be_bytes in the other. to_ne_bytes is the \
             machine's own order.",
        ],
    ),
    Hints::new(
        "ipv6-both-ways",
        &[
            "The same IPv6 address can be written in many ways. One of them is right here: RFC 5952 \
             says which.",
            "Do not write it yourself. Ipv6Addr and SocketAddrV6 write it as the RFC wants, with the \
             longest run of zeros as ::, and SocketAddrV6 puts the brackets around it.",
            "    SocketAddrV6::new(ip.into(), u16::from_be_bytes(port), 0, 0).to_string()",
        ],
    ),
    Hints::new(
        "unix-both-ways",
        &[
            "A path is bytes. Does your program take it for text, or take it apart at spaces?",
            "All that stands behind unix: is the path, white space and colons too. It need not be \
             UTF-8: read and write bytes, not strings.",
            "It has 1 to 107 bytes: sun_path holds 108, and the last is a zero. For the way back, \
             [b\"unix:\", path].concat().",
        ],
    ),
    Hints::new(
        "rejects-nonsense",
        &[
            "A line that is no address gets an error, and the program goes on with the next line.",
            "What std takes for a number may be more than an address allows: +80, 080 000, a port of \
             six digits. Look at the digits before you parse.",
            "Every parse hands its error on with map_err and ?, nothing panics, and the loop over the \
             lines writes `error: ` and goes on.",
        ],
    ),
];
