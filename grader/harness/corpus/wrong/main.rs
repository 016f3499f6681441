//! Servers that are wrong in one way each, so that each way is told by name: `wrong NAME ADDRESS`.
//!
//! Most are an echo server with one mistake. Each does what its name says and nothing cleverer; what
//! the grader tells their writers is kept in `tests/diagnosis/told/`.

mod endings;
mod listening;
mod talking;
mod udp;

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

#[cfg(target_os = "linux")]
#[path = "../raw.rs"]
mod raw;

type Server = fn(SocketAddr) -> io::Result<()>;

const SERVERS: &[(&str, Server)] = &[
    ("never-listens", listening::never_listens),
    ("listens-elsewhere", listening::listens_elsewhere),
    ("waits-before-accept", listening::waits_before_accept),
    ("accepts-and-never-receives", listening::never_receives),
    ("receives-once", listening::receives_once),
    ("busy-with-the-first", listening::busy_with_the_first),
    ("waits-for-a-newline", talking::waits_for_a_newline),
    ("waits-for-the-end", talking::waits_for_the_end),
    ("waits-for-a-full-buffer", talking::waits_for_a_full_buffer),
    ("answers-without-end", talking::answers_without_end),
    ("sends-without-end", talking::sends_without_end),
    ("answers-other-bytes", talking::answers_other_bytes),
    ("answers-too-much", talking::answers_too_much),
    ("answers-too-little", talking::answers_too_little),
    ("leaves-bytes-out", talking::leaves_bytes_out),
    ("answers-twice", talking::answers_twice),
    ("loops-for-ever", talking::loops_for_ever),
    ("locks-twice", talking::locks_twice),
    (
        "waits-for-its-own-thread",
        talking::waits_for_its_own_thread,
    ),
    ("closes-early", endings::closes_early),
    ("never-closes", endings::never_closes),
    (
        "closes-with-bytes-unread",
        endings::closes_with_bytes_unread,
    ),
    ("keeps-descriptors", endings::keeps_descriptors),
    ("exits", endings::exits),
    ("panics", endings::panics),
    (
        "meets-a-todo-in-a-thread",
        endings::meets_a_todo_in_a_thread,
    ),
    ("aborts", endings::aborts),
    ("dies-of-a-broken-pipe", endings::dies_of_a_broken_pipe),
    ("cuts-datagrams", udp::cuts_datagrams),
    ("answers-from-another-port", udp::answers_from_another_port),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [name, address] = &words[..] else {
        for (name, _) in SERVERS {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    };
    let server = SERVERS.iter().find(|(known, _)| known == name);
    let (Some((_, server)), Ok(address)) = (server, address.parse()) else {
        eprintln!("there is no server {name} for {address}");
        return ExitCode::from(2);
    };
    match server(address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}
