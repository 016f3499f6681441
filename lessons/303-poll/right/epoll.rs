//! epoll, edge-triggered: the kernel keeps the list and tells of each change once, so each client is
//! served until nothing more can be done.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::process::ExitCode;

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::fd::OwnedFd;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("poll: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    epoll::add(&epoll, &listener, key(&listener), EventFlags::IN)?;
    let mut clients: HashMap<u64, Client> = HashMap::new();
    let mut events = Vec::with_capacity(64);
    loop {
        epoll::wait(&epoll, spare_capacity(&mut events), None)?;
        for event in events.drain(..) {
            let key = event.data.u64();
            let Some(client) = clients.get_mut(&key) else {
                accept_all(&listener, &epoll, &mut clients)?;
                continue;
            };
            if !client.go_on() {
                // Dropped, a stream is closed, and epoll forgets it.
                clients.remove(&key);
            }
        }
    }
}

/// Descriptors are small numbers, and no two open ones are the same.
fn key(socket: &impl AsRawFd) -> EventData {
    EventData::new_u64(u64::from(socket.as_raw_fd().unsigned_abs()))
}

fn accept_all(
    listener: &TcpListener,
    epoll: &OwnedFd,
    clients: &mut HashMap<u64, Client>,
) -> io::Result<()> {
    const CHANGES: EventFlags = EventFlags::IN.union(EventFlags::OUT).union(EventFlags::ET);
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(true)?;
                epoll::add(epoll, &stream, key(&stream), CHANGES)?;
                clients.insert(key(&stream).u64(), Client::new(stream));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}

struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    unsent: std::ops::Range<usize>,
}

impl Client {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            buffer: vec![0; 16 * 1024],
            unsent: 0..0,
        }
    }

    /// Receives and sends until one of them would have to wait. Whether the connection goes on.
    fn go_on(&mut self) -> bool {
        loop {
            let done = if self.unsent.is_empty() {
                self.stream.read(&mut self.buffer)
            } else {
                self.stream.write(&self.buffer[self.unsent.clone()])
            };
            match done {
                Ok(0) => return false,
                Ok(len) if self.unsent.is_empty() => self.unsent = 0..len,
                Ok(len) => self.unsent.start += len,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) => {
                    eprintln!("poll: {error}");
                    return false;
                }
            }
        }
    }
}
