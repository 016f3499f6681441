//! fails: echoes
//! also: half-close, a-reader-who-does-not-read, bounded-memory
//! epoll, edge-triggered, and one read for each edge: the rest lies there and nobody is told again.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
}

const LISTENER: u64 = u64::MAX;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    epoll::add(
        &epoll,
        &listener,
        EventData::new_u64(LISTENER),
        EventFlags::IN,
    )?;
    let mut clients: Vec<Option<Client>> = Vec::new();
    let mut events = Vec::with_capacity(64);
    loop {
        epoll::wait(&epoll, spare_capacity(&mut events), None)?;
        for event in events.drain(..) {
            if event.data.u64() == LISTENER {
                let (stream, _) = listener.accept()?;
                stream.set_nonblocking(true)?;
                let edges = EventFlags::IN | EventFlags::ET;
                epoll::add(
                    &epoll,
                    &stream,
                    EventData::new_u64(clients.len() as u64),
                    edges,
                )?;
                clients.push(Some(Client {
                    stream,
                    unsent: Vec::new(),
                }));
                continue;
            }
            let slot = usize::try_from(event.data.u64()).expect("an index");
            let stays = clients[slot].as_mut().is_some_and(|c| stays(c.go_on()));
            if !stays {
                clients[slot] = None;
            }
        }
    }
}

fn stays(done: io::Result<bool>) -> bool {
    match done {
        Ok(more) => more,
        Err(error) => error.kind() == ErrorKind::WouldBlock,
    }
}

impl Client {
    fn go_on(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 4096];
        let received = self.stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(false);
        }
        self.unsent.extend_from_slice(&buffer[..received]);
        let sent = self.stream.write(&self.unsent)?;
        self.unsent.drain(..sent);
        Ok(true)
    }
}
