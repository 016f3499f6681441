//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "udp-over-ipv4",
        &[
            "Go from the outside in. Each header says what lies behind it, and how long it is itself. \
             Which line of the answer is the first that differs?",
            "Numbers of two bytes have the more significant byte first: u16::from_be_bytes. In \
             Ethernet the destination stands before the source; in IP and UDP the source comes first.",
            "Ethernet: 6 bytes to, 6 from, 2 type. IPv4: ttl at 8, protocol at 9, source at 12 to 15, \
             destination at 16 to 19. UDP: source port at 0, destination port at 2, and 8 bytes in all.",
        ],
    ),
    Hints::new(
        "tcp-with-options",
        &[
            "A TCP header may be longer than 20 bytes. Which field says how long it is?",
            "The data offset: the upper half of byte 12. It counts words of four bytes.",
            "    let length = usize::from(segment[12] >> 4) * 4;\n\nThe flags are byte 13, FIN the \
             lowest bit.",
        ],
    ),
    Hints::new(
        "ipv4-options",
        &[
            "An IPv4 header may be longer than 20 bytes. Which field says how long it is?",
            "The header length: the lower half of byte 0. It counts words of four bytes, and what comes \
             next begins behind them.",
            "    let length = usize::from(packet[0] & 0x0f) * 4;",
        ],
    ),
    Hints::new(
        "ethernet-padding",
        &[
            "Ethernet fills short frames up to 60 bytes. How does your program know where the packet \
             ends?",
            "Only the IP header knows: the total length, bytes 2 and 3. What lies behind it is nobody's.",
            "    &packet[length..total.min(packet.len())]",
        ],
    ),
    Hints::new(
        "ipv6",
        &[
            "The header of IPv6 is always 40 bytes. What does its length field count?",
            "Only what follows the header. Next header is byte 6, hop limit byte 7, source 8 to 23, \
             destination 24 to 39.",
            "Ipv6Addr::from([u8; 16]) writes the address as it should be written.",
        ],
    ),
    Hints::new(
        "empty-payload",
        &[
            "These segments carry nothing. What does your program say of the application?",
            "No bytes, no line: the application line only stands there for a payload that is not empty.",
        ],
    ),
    Hints::new(
        "unknown-types",
        &[
            "There are more protocols than the ones that your program knows. What does it do with a \
             number that it does not?",
            "It is no error: the layers that were understood are told, and there it ends. A `_ => \
             return Ok(())` in the match on the number.",
        ],
    ),
    Hints::new(
        "truncated-headers",
        &[
            "This frame ends before a header is complete, or its lengths contradict each other. Does \
             your program look before it takes bytes?",
            "bytes[12] panics where there are fewer. split_at_checked and get give an Option: none of \
             it is an error of that layer, told behind the layers before it.",
            "Look at these, too: the version (4 or 6), a header length below 20 bytes, a total length \
             below the header length, a data offset below 20 bytes, half a byte, digits that are none.",
        ],
    ),
    Hints::new(
        "many-frames",
        &[
            "A thousand frames of all kinds: the report shows the first that is answered otherwise. \
             Which layer of it differs?",
            "If it is not the answer but the time: write through one locked and buffered output, and \
             read line by line.",
        ],
    ),
];
