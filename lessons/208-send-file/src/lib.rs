//! 208 send-file: "send a file to a friend, with a program of your own." One sub-command receives, the
//! other sends. One file a connection, one client at a time.

#![forbid(unsafe_code)]

mod both;
mod hints;
mod large;
mod names;
mod notes;
mod receiver;
mod receiving;
mod sending;
mod transfer;

use harness::{Check, Lesson, Role};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 208,
    slug: "send-file",
    title: "Send a file to a friend",
    role: Role::Server,
    verbs: &["connect", "accept", "recv", "send"],
    checks: &[
        Check::new(
            "receives",
            2,
            "one file is stored: complete, synced, under its name",
            receiving::receives,
        )
        .section("What stored means"),
        Check::new(
            "sends",
            2,
            "header and content, and what the exit status says",
            sending::sends,
        )
        .section("The two ends"),
        Check::new(
            "both-ends",
            2,
            "two of the program, one at each end",
            both::both_ends,
        )
        .section("The two ends"),
        Check::new(
            "empty-file",
            1,
            "a file of no bytes, received and sent",
            both::empty_file,
        )
        .section("A header says what follows"),
        Check::new(
            "refuses-unsafe-names",
            3,
            "names that lead out of DIR, and some that do not",
            names::refuses_unsafe_names,
        )
        .section("A name is a claim"),
        Check::new(
            "keeps-what-exists",
            2,
            "names that a file, a folder or a link has already",
            names::keeps_what_exists,
        )
        .section("A name is a claim"),
        Check::new(
            "cut-short",
            2,
            "input that ends too early leaves nothing behind",
            receiving::cut_short,
        )
        .section("What stored means"),
        Check::new(
            "large-file",
            3,
            "256 MiB each way, and what they cost in memory",
            large::large_file,
        )
        .section("A file is larger than memory"),
        Check::new(
            "slow-sender",
            3,
            "a byte a segment; nothing is to be seen before the last",
            receiving::slow_sender,
        )
        .section("What stored means"),
        Check::new(
            "two-files-in-turn",
            1,
            "another file, and the first name once more",
            receiving::two_files_in_turn,
        ),
        Check::new(
            "source-missing",
            1,
            "a file that is not there is not sent",
            sending::source_missing,
        )
        .section("The two ends"),
        Check::new(
            "survives-a-reset",
            2,
            "senders that reset their connections or leave without a word",
            receiving::survives_a_reset,
        ),
    ],
    notes: notes::ALL,
    hints: hints::HINTS,
};
