//! poll with a time limit, for something that is to be done twice a second; holds up to 1 MiB of each
//! client, and receives and sends by turns.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

const MOST: usize = 1 << 20;

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
    let half_a_second = Timespec {
        tv_sec: 0,
        tv_nsec: 500_000_000,
    };
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let mut fds = vec![PollFd::new(&listener, PollFlags::IN)];
        for client in &clients {
            fds.push(PollFd::new(&client.stream, client.interest()));
        }
        poll(&mut fds, Some(&half_a_second))?;
        let mut ready = fds.iter().map(PollFd::revents).collect::<Vec<_>>();
        let of_listener = ready.remove(0);
        let mut of_clients = ready.into_iter();
        clients.retain_mut(|client| {
            let ready = of_clients.next().unwrap_or(PollFlags::empty());
            ready.is_empty() || client.go_on(ready).unwrap_or(false)
        });
        if !of_listener.is_empty() {
            match listener.accept() {
                Ok((stream, _)) => clients.push(Client::new(stream)?),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
    ended: bool,
}

impl Client {
    fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream,
            unsent: Vec::new(),
            ended: false,
        })
    }

    fn interest(&self) -> PollFlags {
        let mut wanted = PollFlags::empty();
        wanted.set(PollFlags::IN, !self.ended && self.unsent.len() < MOST);
        wanted.set(PollFlags::OUT, !self.unsent.is_empty());
        wanted
    }

    fn go_on(&mut self, ready: PollFlags) -> io::Result<bool> {
        if ready.contains(PollFlags::IN) {
            let mut buffer = [0; 16 * 1024];
            let received = self.stream.read(&mut buffer)?;
            self.ended = received == 0;
            self.unsent.extend_from_slice(&buffer[..received]);
        }
        if !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(sent) => drop(self.unsent.drain(..sent)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(!self.ended || !self.unsent.is_empty())
    }
}
