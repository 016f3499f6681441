//! 101 layers: decapsulate frames. Each line of input is one Ethernet frame in hexadecimal; the program
//! prints a line for each of its layers, from the outside in, and then an empty line.

#![forbid(unsafe_code)]

mod checksum;
mod damage;
mod frames;
mod mixture;
mod network;
mod notes;
mod transport;

use harness::{Check, Lesson, Role, Run, Translation, Verdict};

use crate::frames::Frame;
use crate::transport::{tcp, udp};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 101,
    slug: "layers",
    title: "Take a frame apart, layer by layer",
    role: Role::Filter,
    verbs: &[],
    checks: &[
        Check::new(
            "udp-over-ipv4",
            2,
            "UDP datagrams in IPv4 packets in Ethernet frames",
            udp_over_ipv4,
        ),
        Check::new(
            "tcp-with-options",
            2,
            "TCP headers of more than 20 bytes, and every flag",
            tcp_with_options,
        ),
        Check::new(
            "ipv4-options",
            2,
            "IPv4 headers of more than 20 bytes",
            ipv4_options,
        ),
        Check::new(
            "ethernet-padding",
            2,
            "bytes behind the packet, which are not payload",
            ethernet_padding,
        ),
        Check::new("ipv6", 2, "UDP and TCP over IPv6", ipv6),
        Check::new(
            "empty-payload",
            1,
            "payloads of no byte: no application line",
            empty_payload,
        ),
        Check::new(
            "unknown-types",
            1,
            "what is inside is not taken apart any further",
            unknown_types,
        ),
        Check::new(
            "truncated-headers",
            3,
            "frames that end too early or contradict themselves, and lines that are no frames",
            truncated_headers,
        ),
        Check::new(
            "many-frames",
            2,
            "1,000 random frames of all kinds",
            many_frames,
        ),
    ],
    notes: notes::NOTES,
};

/// Starts the program, gives it all lines, and expects their answers and its end.
fn translates(run: &mut Run, translations: &[Translation]) -> Verdict {
    let mut program = run.start_filter(&[])?;
    program.expect_answers(translations)?;
    program.expect_exit(0)
}

fn takes_apart(run: &mut Run, frames: &[Frame]) -> Verdict {
    let translations: Vec<Translation> = frames.iter().map(Frame::translation).collect();
    translates(run, &translations)
}

/// The whole way through all five layers, with no header longer than it must be. Who takes ports for
/// little-endian numbers, or source for destination, sees it here.
///
/// Not alone: every other frame has these layers, too. Here they are the shortest they can be, so a
/// beginner's first failure is about one frame of the plainest kind.
fn udp_over_ipv4(run: &mut Run) -> Verdict {
    let mut translations = Vec::new();
    for payload in ["hello", "a", "a word of 20 letters"] {
        let frame = udp(run.random(), payload.as_bytes());
        let frame = frame.over_ipv4(run.random(), 0).over_ethernet(run.random());
        translations.push(frame.translation());
        translations.push(frame.in_upper_case());
    }
    translates(run, &translations)
}

/// The data offset says how long a TCP header is (RFC 9293 §3.1): 20 bytes and options.
///
/// Not alone: `many-frames` holds options by chance; here each frame has some, and the failure shows
/// one.
fn tcp_with_options(run: &mut Run) -> Verdict {
    const PSH_ACK: u8 = 0b0001_1000;
    let mut frames = Vec::new();
    for words in [0, 1, 3, 5, 10] {
        let payload = run.random().word();
        let segment = tcp(run.random(), PSH_ACK, words, payload.as_bytes());
        frames.push(
            segment
                .over_ipv4(run.random(), 0)
                .over_ethernet(run.random()),
        );
    }
    // Each flag by itself, ECE and CWR among them; none; and all.
    for flags in (0..8).map(|bit| 1 << bit).chain([0, 0b0001_0010, 0xff]) {
        let segment = tcp(run.random(), flags, 3, b"flags");
        frames.push(
            segment
                .over_ipv4(run.random(), 0)
                .over_ethernet(run.random()),
        );
    }
    takes_apart(run, &frames)
}

/// The header length (IHL) says how long an IPv4 header is (RFC 791 §3.1): 20 bytes and options. What
/// comes next begins behind them.
///
/// Not alone: frames that are cut and frames at random have options, too; this check names them.
fn ipv4_options(run: &mut Run) -> Verdict {
    let mut frames = Vec::new();
    for words in [1, 2, 10] {
        let payload = run.random().word();
        let segment = udp(run.random(), payload.as_bytes());
        frames.push(
            segment
                .over_ipv4(run.random(), words)
                .over_ethernet(run.random()),
        );
        let segment = tcp(run.random(), 0b0001_0000, 0, payload.as_bytes());
        frames.push(
            segment
                .over_ipv4(run.random(), words)
                .over_ethernet(run.random()),
        );
    }
    takes_apart(run, &frames)
}

/// Ethernet sends no frame of less than 60 bytes and fills up short ones. Only the IP header knows
/// where the packet ends.
///
/// Not alone: `many-frames` and `truncated-headers` meet padding among other things; here it is all
/// that is odd about a frame.
fn ethernet_padding(run: &mut Run) -> Verdict {
    let mut frames = Vec::new();
    for len in [1, 5, 17] {
        let payload = run.random().letters(len);
        let segment = udp(run.random(), &payload);
        frames.push(
            segment
                .over_ipv4(run.random(), 0)
                .over_ethernet(run.random()),
        );
    }
    for payload in [&b""[..], b"ok"] {
        let segment = tcp(run.random(), 0b0001_0000, 0, payload);
        frames.push(
            segment
                .over_ipv4(run.random(), 0)
                .over_ethernet(run.random()),
        );
    }
    let mut frames: Vec<Frame> = frames.iter().map(mixture::fill_up).collect();
    // It should be zeros (RFC 894), and need not be: some drivers have sent what lay in their memory
    // (CVE-2003-0001).
    let segment = udp(run.random(), b"hi");
    let frame = segment.over_ipv6(run.random()).over_ethernet(run.random());
    frames.push(frame.padded(&run.random().bytes(6)));
    takes_apart(run, &frames)
}

/// IPv6 has a header of 40 bytes, always, and its length counts only what follows it.
///
/// Not alone: `many-frames` holds IPv6, too, among whatever else may go wrong.
fn ipv6(run: &mut Run) -> Verdict {
    let mut frames = Vec::new();
    for words in 0..6 {
        let payload = run.random().word();
        let segment = udp(run.random(), payload.as_bytes());
        frames.push(segment.over_ipv6(run.random()).over_ethernet(run.random()));
        let segment = tcp(run.random(), 0b0001_0000, words, payload.as_bytes());
        frames.push(segment.over_ipv6(run.random()).over_ethernet(run.random()));
    }
    takes_apart(run, &frames)
}

/// Nothing inside is no application: most segments that only acknowledge are like that.
///
/// Not alone: other frames may be empty by chance; these all are.
fn empty_payload(run: &mut Run) -> Verdict {
    let mut frames = Vec::new();
    for flags in [
        0b0000_0010,
        0b0001_0010,
        0b0001_0000,
        0b0001_0001,
        0b0000_0100,
    ] {
        let segment = tcp(run.random(), flags, 0, b"");
        frames.push(
            segment
                .over_ipv4(run.random(), 0)
                .over_ethernet(run.random()),
        );
    }
    let segment = udp(run.random(), b"");
    frames.push(
        segment
            .over_ipv4(run.random(), 0)
            .over_ethernet(run.random()),
    );
    let segment = udp(run.random(), b"");
    frames.push(segment.over_ipv6(run.random()).over_ethernet(run.random()));
    takes_apart(run, &frames)
}

/// What a layer carries it says by a number. Whose number a program does not know, that it leaves
/// alone: it is no error, and no TCP. IPv6's extension headers are such, whatever is behind them.
///
/// Not alone: `many-frames` holds such frames among others; here each is one.
fn unknown_types(run: &mut Run) -> Verdict {
    let mut frames = Vec::new();
    for ether_type in mixture::OTHER_ETHER_TYPES {
        frames.push(network::other(run.random(), ether_type).over_ethernet(run.random()));
    }
    for protocol in mixture::OTHER_PROTOCOLS {
        let segment = transport::other(run.random(), protocol);
        frames.push(
            segment
                .over_ipv4(run.random(), 0)
                .over_ethernet(run.random()),
        );
        let segment = transport::other(run.random(), protocol);
        frames.push(segment.over_ipv6(run.random()).over_ethernet(run.random()));
    }
    let hidden = udp(run.random(), b"hello");
    let segment = transport::behind_an_extension(&hidden);
    frames.push(segment.over_ipv6(run.random()).over_ethernet(run.random()));
    takes_apart(run, &frames)
}

/// No header is there just because the one before says so. A frame that is cut anywhere, or whose
/// lengths contradict each other, is an error in one layer; the next frame is read as if nothing had
/// been.
///
/// Not alone: `many-frames` holds cut frames among others; here each is cut at another place, in
/// order.
fn truncated_headers(run: &mut Run) -> Verdict {
    let random = run.random();
    let mut translations = Vec::new();
    for frame in damage::cut_anywhere(random) {
        translations.push(frame.translation());
    }
    for frame in damage::contradictions(random) {
        translations.push(frame.translation());
    }
    for line in damage::NO_FRAMES {
        translations.push(frames::nonsense(line));
    }
    random.shuffle(&mut translations);
    let whole = udp(random, b"still here")
        .over_ipv4(random, 0)
        .over_ethernet(random);
    translations.push(whole.translation());
    translates(run, &translations)
}

/// All of it together, and more than any buffer holds.
fn many_frames(run: &mut Run) -> Verdict {
    let random = run.random();
    let translations: Vec<Translation> = (0..1000).map(|_| mixture::line(random)).collect();
    translates(run, &translations)
}
