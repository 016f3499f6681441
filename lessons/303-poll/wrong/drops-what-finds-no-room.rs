//! fails: a-reader-who-does-not-read
//! also: half-close, bounded-memory
//! Believes that write takes all that it is given: the rest of a partial write is dropped.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use rustix::event::{PollFd, PollFlags, poll};

struct Client {
    stream: TcpStream,
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
            clients.push(Client { stream });
        }
    }
}

fn wait(listener: &TcpListener, clients: &[Client]) -> io::Result<Vec<bool>> {
    let mut fds = vec![PollFd::new(listener, PollFlags::IN)];
    for client in clients {
        fds.push(PollFd::new(&client.stream, PollFlags::IN));
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
    fn go_on(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 16 * 1024];
        let received = self.stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(false);
        }
        let _sent = self.stream.write(&buffer[..received])?;
        Ok(true)
    }
}
