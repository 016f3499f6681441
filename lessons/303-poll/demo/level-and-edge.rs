//! epoll twice in a row, and nothing is received in between: level-triggered and edge-triggered.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};

use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

/// How long to wait for an event, where none may come: a tenth of a second.
const A_MOMENT: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

fn main() -> io::Result<()> {
    look_three_times("level", EventFlags::IN)?;
    look_three_times("edge", EventFlags::IN | EventFlags::ET)
}

fn look_three_times(kind: &str, flags: EventFlags) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut alice = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    epoll::add(&epoll, &server, EventData::new_u64(0), flags)?;

    for word in ["hello", "", "again"] {
        alice.write_all(word.as_bytes())?;
        let mut events = Vec::with_capacity(8);
        epoll::wait(&epoll, spare_capacity(&mut events), Some(&A_MOMENT))?;
        println!("{kind:<6} after {word:?}: {} event(s)", events.len());
    }
    Ok(())
}
