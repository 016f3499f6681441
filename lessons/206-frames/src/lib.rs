//! 206 frames: TCP carries bytes, not messages. A frame is a u32 length, big-endian, and that many
//! bytes; each is answered with one whose bytes are reversed. One client at a time is enough.

#![forbid(unsafe_code)]

mod frame;
mod hints;
mod notes;

use harness::payload::count;
use harness::{Check, Lesson, Role, Run, Stopped, TcpPeer, Verdict};

use crate::frame::{Frame, LARGEST};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 206,
    slug: "frames",
    title: "Mark where a message ends",
    role: Role::Server,
    verbs: &["accept", "recv", "send"],
    checks: &[
        Check::new("one-frame", 1, "one frame comes back reversed", one_frame),
        Check::new(
            "empty-frame",
            1,
            "a frame of no bytes is a frame",
            empty_frame,
        ),
        Check::new(
            "split-anywhere",
            3,
            "a byte a segment, inside the length too",
            split_anywhere,
        ),
        Check::new(
            "coalesced",
            3,
            "two and a half frames in one segment, then the rest",
            coalesced,
        ),
        Check::new(
            "pipelined",
            2,
            "1,000 frames before the first answer is read",
            pipelined,
        ),
        Check::new(
            "largest-frame",
            2,
            "a frame of 1,048,576 bytes",
            largest_frame,
        ),
        Check::new(
            "too-large-is-refused",
            3,
            "lengths over 1,048,576, and what they cost in memory",
            too_large_is_refused,
        ),
        Check::new(
            "cut-short",
            3,
            "input that ends in the middle of a frame",
            cut_short,
        ),
        Check::new(
            "survives-a-reset",
            2,
            "clients that reset their connections or leave without a word",
            survives_a_reset,
        ),
    ],
    notes: &[notes::rule],
    hints: hints::HINTS,
};

/// The smallest conversation there is: it shows whether the length is written as the protocol has it.
/// A server that reads or writes it little-endian, counts its four bytes in, or leaves it out ends
/// here.
///
/// Not alone: whoever fails here fails nearly everywhere; here there is one frame, and nothing that
/// could be cut or glued.
fn one_frame(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let frame = Frame::new(run.random().word());
    let mut alice = server.connect("alice")?;
    alice.send(&frame.bytes())?;
    expect_answers(&mut alice, &[frame])
}

/// No bytes are a message, too. A server that takes the length 0 for the end closes here, one that
/// skips it is silent.
fn empty_frame(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let frame = Frame::new("");
    let mut alice = server.connect("alice")?;
    alice.send(&frame.bytes())?;
    expect_answers(&mut alice, &[frame])
}

/// TCP may deliver a frame in pieces of any size, its length too. A server that takes what one recv
/// brings for a frame, or for a length, sees one byte of it.
fn split_anywhere(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let frame = Frame::new(run.random().letters(5));
    let bytes = frame.bytes();
    let (last, before) = bytes.split_last().expect("a frame has four bytes at least");
    let mut alice = server.connect("alice")?;
    for byte in before {
        alice.send(&[*byte])?;
        alice.expect_silence()?;
    }
    alice.send(&[*last])?;
    expect_answers(&mut alice, &[frame])
}

/// TCP may also deliver several frames at once. A server that keeps only the first of what one recv
/// has brought waits for the second for ever.
fn coalesced(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let frames = Frame::many(run.random(), 3);
    let mut segment = bytes_of(&frames);
    let half = frames[2].bytes().len() / 2;
    let rest = segment.split_off(segment.len() - half);
    let mut alice = server.connect("alice")?;
    run.note("two frames and a half go out in one segment");
    alice.send(&segment)?;
    // What is whole is answered now, not when more comes.
    for (index, frame) in frames[..2].iter().enumerate() {
        expect_answer(&mut alice, frame, index, 3)?;
    }
    alice.send(&rest)?;
    expect_answer(&mut alice, &frames[2], 2, 3)
}

/// A client need not wait for one answer before it sends the next frame. The answers come in order,
/// however many frames are under way.
fn pipelined(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let frames = Frame::many(run.random(), 1000);
    let mut alice = server.connect("alice")?;
    run.note("1,000 frames go out before the first answer is read");
    alice.stop_reading();
    alice.send(&bytes_of(&frames))?;
    server.settle();
    alice.read_again();
    expect_answers(&mut alice, &frames)
}

/// The limit itself is allowed. A buffer of a fixed size, one recv for the content, or a limit that
/// is one too low end here.
fn largest_frame(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let frame = Frame::new(run.random().bytes(LARGEST as usize));
    let mut alice = server.connect("alice")?;
    alice.offer(&frame.bytes());
    expect_answers(&mut alice, &[frame])
}

/// Four bytes must not make a server hold gigabytes, nor wait for them. The lengths go up, so that a
/// server that makes room for what it is told is found out before it fills this machine.
fn too_large_is_refused(run: &mut Run) -> Verdict {
    const LIMIT: u64 = 64 << 20;
    let mut server = run.start_server()?;
    server.program.watch_memory();
    let frame = Frame::new(run.random().word());

    let mut alice = server.connect("alice")?;
    run.note("a frame and a length of 1,048,577 go out in one segment");
    alice.stop_reading();
    alice.send(&[frame.bytes(), (LARGEST + 1).to_be_bytes().to_vec()].concat())?;
    server.settle();
    alice.read_again();
    let before = |stopped: Stopped| stopped.about(notes::ANSWER_BEFORE);
    alice.expect(&frame.answer()).map_err(before)?;
    expect_refusal(&mut alice, LARGEST + 1)?;

    for length in [96 << 20, u32::MAX] {
        let mut mallory = server.connect("mallory")?;
        mallory.send(&length.to_be_bytes())?;
        expect_refusal(&mut mallory, length)?;
        server.program.expect_memory_under(LIMIT)?;
    }
    Ok(())
}

/// The end of input is an end like any other between frames; in the middle of one it leaves nothing
/// to answer. A server that answers the half it has, or ends with its client, is found here.
fn cut_short(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let frames = Frame::many(run.random(), 2);
    let bytes = bytes_of(&frames[..1]);

    let mut alice = server.connect("alice")?;
    alice.send(&bytes)?;
    expect_answer(&mut alice, &frames[0], 0, 1)?;
    alice.finish_sending()?;
    let between = |stopped: Stopped| stopped.about(notes::END_BETWEEN);
    alice.expect_end().map_err(between)?;

    for cut in [2, 4, bytes.len() - 1] {
        server.settle();
        let mut bob = server.connect("bob")?;
        bob.send(&bytes[..cut])?;
        bob.finish_sending()?;
        expect_nothing_but_the_end(&mut bob)?;
    }

    server.settle();
    let mut carol = server.connect("carol")?;
    let both = bytes_of(&frames);
    carol.send(&both[..both.len() - 1])?;
    carol.finish_sending()?;
    expect_answer(&mut carol, &frames[0], 0, 2)?;
    expect_nothing_but_the_end(&mut carol)
}

/// A client that crashes, in the middle of a frame even, takes only itself along.
fn survives_a_reset(run: &mut Run) -> Verdict {
    let mut server = run.start_server()?;
    let frame = Frame::new(run.random().word());
    let bytes = frame.bytes();
    let mut mallory = server.connect("mallory")?;
    mallory.send(&bytes)?;
    expect_answer(&mut mallory, &frame, 0, 1)?;
    mallory.send_in_pieces(&[&bytes[..7]])?;
    mallory.reset()?;
    server.settle();
    // One that may be gone before the server has accepted it, and one that has nothing to say.
    server.connect("mallory")?.reset()?;
    server.settle();
    server.connect("silent")?.close();
    server.settle();

    let mut alice = server.connect("alice")?;
    alice.send(&bytes)?;
    expect_answers(&mut alice, &[frame])
}

/// Frames one after the other, as they go over the wire.
fn bytes_of(frames: &[Frame]) -> Vec<u8> {
    frames.iter().flat_map(Frame::bytes).collect()
}

fn expect_answers(peer: &mut TcpPeer, frames: &[Frame]) -> Verdict {
    for (index, frame) in frames.iter().enumerate() {
        expect_answer(peer, frame, index, frames.len())?;
    }
    Ok(())
}

/// Expects the answer to the frame at `index` of `count`.
fn expect_answer(peer: &mut TcpPeer, frame: &Frame, index: usize, count: usize) -> Verdict {
    let answer = frame.answer();
    peer.expect(&answer)
        .map_err(|stopped| stopped.about(&notes::answer_to(index, count)))
}

fn expect_refusal(peer: &mut TcpPeer, length: u32) -> Verdict {
    let what = format!("{}{}", notes::END_AFTER, count(length as usize));
    peer.expect_end().map_err(|stopped| stopped.about(&what))
}

fn expect_nothing_but_the_end(peer: &mut TcpPeer) -> Verdict {
    peer.expect_end()
        .map_err(|stopped| stopped.about(notes::END_WITHIN))
}
