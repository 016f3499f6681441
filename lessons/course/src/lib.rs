//! Every lesson, in order.

#![forbid(unsafe_code)]

use harness::Lesson;

/// All lessons, by number.
pub const LESSONS: &[Lesson] = &[
    layers_lesson::LESSON,
    addresses_lesson::LESSON,
    listen_lesson::LESSON,
    greet_lesson::LESSON,
    connect_lesson::LESSON,
    talk_lesson::LESSON,
    echo_lesson::LESSON,
    frames_lesson::LESSON,
    records_lesson::LESSON,
    send_file_lesson::LESSON,
    threads_lesson::LESSON,
    deadlines_lesson::LESSON,
    poll_lesson::LESSON,
    chat_lesson::LESSON,
    udp_echo_lesson::LESSON,
    udp_ask_lesson::LESSON,
];

/// The lesson that goes by `name`: its slug (`echo`), its number (`205`) or its folder (`205-echo`).
pub fn find(name: &str) -> Option<&'static Lesson> {
    LESSONS
        .iter()
        .find(|l| name == l.slug || name == l.number.to_string() || name == l.folder())
}
