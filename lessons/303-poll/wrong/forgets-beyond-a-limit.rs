//! fails: bounded-memory
//! Keeps 24 MiB for a client that does not read, and forgets what comes when there is more.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use rustix::event::{PollFd, PollFlags, poll};

const MOST: usize = 24 << 20;

struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
    sent: usize,
    ended: bool,
}

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let ready = wait(&listener, &clients)?;
        let mut of_clients = ready[1..].iter();
        clients.retain_mut(|client| match of_clients.next() {
            Some(true) => stays(client.go_on()),
            _ => true,
        });
        if ready[0] {
            let (stream, _) = listener.accept()?;
            stream.set_nonblocking(true)?;
            clients.push(Client {
                stream,
                unsent: Vec::new(),
                sent: 0,
                ended: false,
            });
        }
    }
}

fn wait(listener: &TcpListener, clients: &[Client]) -> io::Result<Vec<bool>> {
    let mut fds = vec![PollFd::new(listener, PollFlags::IN)];
    for client in clients {
        fds.push(PollFd::new(&client.stream, client.interest()));
    }
    poll(&mut fds, None)?;
    Ok(fds.iter().map(|fd| !fd.revents().is_empty()).collect())
}

fn stays(done: io::Result<bool>) -> bool {
    match done {
        Ok(more) => more,
        Err(error) => error.kind() == ErrorKind::WouldBlock,
    }
}

impl Client {
    fn interest(&self) -> PollFlags {
        if self.ended {
            PollFlags::OUT
        } else if self.unsent.is_empty() {
            PollFlags::IN
        } else {
            PollFlags::IN | PollFlags::OUT
        }
    }

    fn go_on(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.ended = true,
            Ok(_) if self.unsent.len() > MOST => {}
            Ok(received) => self.unsent.extend_from_slice(&buffer[..received]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        match self.stream.write(&self.unsent[self.sent..]) {
            Ok(sent) => self.sent += sent,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        if self.sent == self.unsent.len() || self.sent > 1 << 20 {
            self.unsent.drain(..self.sent);
            self.sent = 0;
        }
        Ok(!(self.ended && self.unsent.is_empty()))
    }
}
