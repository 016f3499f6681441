//! fails: echoes
//! also: five-hundred-at-once, one-thread, a-reader-who-does-not-read, idles-when-idle, half-close, survives-a-reset, bounded-memory
//! Accepts until WouldBlock, on a listener that was never told not to wait: accept waits for the next client.

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
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let ready = wait(&listener, &clients)?;
        let mut of_clients = ready[1..].iter();
        clients.retain_mut(|client| match of_clients.next() {
            Some(true) => stays(client.go_on()),
            _ => true,
        });
        if ready[0] {
            accept_all(&listener, &mut clients)?;
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

fn accept_all(listener: &TcpListener, clients: &mut Vec<Client>) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(true)?;
                let unsent = Vec::new();
                clients.push(Client { stream, unsent });
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
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
        self.unsent.drain(..sent);
        Ok(true)
    }
}
