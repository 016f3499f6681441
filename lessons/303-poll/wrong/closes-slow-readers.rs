//! fails: a-reader-who-does-not-read
//! also: half-close, bounded-memory
//! Closes the connection when the kernel takes no more.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use rustix::event::{PollFd, PollFlags, poll};

struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
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
        if self.unsent.is_empty() {
            PollFlags::IN
        } else {
            PollFlags::OUT
        }
    }

    fn go_on(&mut self) -> io::Result<bool> {
        if self.unsent.is_empty() {
            let mut buffer = [0; 16 * 1024];
            let received = self.stream.read(&mut buffer)?;
            if received == 0 {
                return Ok(false);
            }
            self.unsent.extend_from_slice(&buffer[..received]);
        }
        let sent = self.stream.write(&self.unsent)?;
        if sent < self.unsent.len() {
            return Ok(false);
        }
        self.unsent.drain(..sent);
        Ok(true)
    }
}
