//! Frames that end too early or contradict themselves, and lines that are no frames.

use harness::random::Random;

use crate::frames::Frame;
use crate::transport::{tcp, udp};

/// The numbers of the headers in a frame.
const NETWORK: usize = 1;
const TRANSPORT: usize = 2;

/// Lines that are not hexadecimal.
pub(crate) const NO_FRAMES: [&str; 8] = [
    "",
    "\r",
    "0",
    "02000",
    "hello, world",
    "02 00 00 00 00 01",
    "0x020000000001",
    "02000é0000000",
];

/// Frames cut after each of their bytes, but for the middle of long runs in which nothing changes.
pub(crate) fn cut_anywhere(random: &mut Random) -> Vec<Frame> {
    let whole = [
        udp(random, b"payload")
            .over_ipv4(random, 1)
            .over_ethernet(random),
        tcp(random, 0b0001_1000, 3, b"payload")
            .over_ipv4(random, 0)
            .over_ethernet(random),
        udp(random, b"payload")
            .over_ipv6(random)
            .over_ethernet(random),
    ];
    let mut frames = Vec::new();
    for frame in whole {
        frames.extend((1..=frame.len()).map(|len| frame.cut(len)));
    }
    frames
}

/// Frames of which one header says something that cannot be.
pub(crate) fn contradictions(random: &mut Random) -> Vec<Frame> {
    let datagram = udp(random, b"payload")
        .over_ipv4(random, 0)
        .over_ethernet(random);
    let with_options = udp(random, b"payload")
        .over_ipv4(random, 2)
        .over_ethernet(random);
    let segment = tcp(random, 0b0001_0000, 0, b"payload")
        .over_ipv4(random, 0)
        .over_ethernet(random);
    let over_ipv6 = udp(random, b"payload")
        .over_ipv6(random)
        .over_ethernet(random);
    vec![
        // The version is not what the EtherType says.
        datagram.with(NETWORK, 0, &[0x65], NETWORK),
        over_ipv6.with(NETWORK, 0, &[0x40], NETWORK),
        // An IPv4 header has at least five words,
        datagram.with(NETWORK, 0, &[0x44], NETWORK),
        datagram.with(NETWORK, 0, &[0x40], NETWORK),
        // no more than the packet has,
        datagram.with(NETWORK, 0, &[0x4f], NETWORK),
        // and the packet is not shorter than its header.
        datagram.with(NETWORK, 2, &[0, 19], NETWORK),
        datagram.with(NETWORK, 2, &[0, 0], NETWORK),
        with_options.with(NETWORK, 2, &[0, 27], NETWORK),
        // The packet ends within the header that it carries, though the frame goes on.
        datagram.with(NETWORK, 2, &[0, 20 + 7], TRANSPORT),
        datagram.with(NETWORK, 2, &[0, 20], TRANSPORT),
        segment.with(NETWORK, 2, &[0, 20 + 19], TRANSPORT),
        over_ipv6.with(NETWORK, 4, &[0, 7], TRANSPORT),
        over_ipv6.with(NETWORK, 4, &[0, 0], TRANSPORT),
        // A TCP header has at least five words, and no more than the packet has.
        segment.with(TRANSPORT, 12, &[0x40], TRANSPORT),
        segment.with(TRANSPORT, 12, &[0x00], TRANSPORT),
        segment.with(TRANSPORT, 12, &[0xf0], TRANSPORT),
    ]
}
