//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "one-frame",
        &[
            "Look at the first four bytes of your answer, beside those that were due. Which end comes \
             first?",
            "The length is a u32, big-endian, and counts the bytes behind it, not itself. \
             u32::from_be_bytes and to_be_bytes read and write it.",
            "    let mut length = [0; 4];\n    connection.read_exact(&mut length)?;\n    let length = \
             u32::from_be_bytes(length);",
        ],
    ),
    Hints::new(
        "empty-frame",
        &[
            "A length of 0 is a length like any other.",
            "It is not the end of the connection: its answer is four zero bytes, and the next frame may \
             follow.",
        ],
    ),
    Hints::new(
        "split-anywhere",
        &[
            "The frame arrives byte by byte, and so does its length. What does your first read give?",
            "read gives what is there. read_exact goes on until the buffer is full: just right where \
             you know how many bytes are due.",
            "read_exact for the four bytes of the length, then read_exact for as many as it says.",
        ],
    ),
    Hints::new(
        "coalesced",
        &[
            "Several frames came in one piece, and the last only half. What happens to the bytes behind \
             the first frame?",
            "What you have received and not used yet belongs to the next frame. Keep it, or do not \
             receive more than is due.",
            "read_exact never takes more than its buffer holds, so nothing is left over. A BufReader \
             must live as long as the connection, not as long as one frame.",
        ],
    ),
    Hints::new(
        "pipelined",
        &[
            "Many frames come before anybody reads an answer. Each wants one, in the same order.",
            "A loop: receive one frame, answer it, and again until the input ends. Nothing is thrown \
             away between two rounds.",
        ],
    ),
    Hints::new(
        "largest-frame",
        &[
            "1,048,576 bytes are the largest frame that is allowed. Is that one refused, or cut?",
            "Compare with `>`, not with `>=`. And send all of the answer: write_all, since write may \
             take less.",
        ],
    ),
    Hints::new(
        "too-large-is-refused",
        &[
            "A client says that four billion bytes will follow. What does your program make of that \
             number, before a single one has come?",
            "Look at the length before you make room for it. Over 1,048,576: close the connection, \
             without an answer, and serve the next client.",
            "    if length > LARGEST {\n        return Err(…);\n    }\n    let mut frame = vec![0; length \
             as usize];",
        ],
    ),
    Hints::new(
        "cut-short",
        &[
            "The input ends in the middle of a frame. Is there anything to answer?",
            "Half a frame gets no answer; the complete ones before it do. Then the connection is \
             closed, and the server goes on with the next client.",
            "read_exact says ErrorKind::UnexpectedEof. In the four bytes of the length that may be an \
             ordinary end; anywhere it ends this connection alone.",
        ],
    ),
    Hints::new(
        "survives-a-reset",
        &[
            "A client is gone. What does the error end in your program: the connection, or the server?",
            "    if let Err(error) = answer_frames(connection) {\n        eprintln!(\"frames: \
             {error}\");\n    }",
        ],
    ),
];
