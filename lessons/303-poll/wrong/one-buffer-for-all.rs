//! fails: a-reader-who-does-not-read
//! also: bounded-memory, half-close, survives-a-reset, one-thread, idles-when-idle
//! Keeps what is unsent in one place for all clients: what was for alice goes to bob.

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
    let mut unsent = Vec::new();
    loop {
        let ready = wait(&listener, &clients, !unsent.is_empty())?;
        let mut of_clients = ready[1..].iter();
        clients.retain_mut(|client| match of_clients.next() {
            Some(true) => stays(client.go_on(&mut unsent)),
            _ => true,
        });
        if ready[0] {
            let (stream, _) = listener.accept()?;
            stream.set_nonblocking(true)?;
            clients.push(Client { stream });
        }
    }
}

fn wait(listener: &TcpListener, clients: &[Client], sending: bool) -> io::Result<Vec<bool>> {
    let mut fds = vec![PollFd::new(listener, PollFlags::IN)];
    for client in clients {
        let sends = if sending {
            PollFlags::OUT
        } else {
            PollFlags::empty()
        };
        fds.push(PollFd::new(&client.stream, PollFlags::IN | sends));
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
    fn go_on(&mut self, unsent: &mut Vec<u8>) -> io::Result<bool> {
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(0) => return Ok(false),
            Ok(received) => unsent.extend_from_slice(&buffer[..received]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        let sent = self.stream.write(unsent)?;
        unsent.drain(..sent);
        Ok(true)
    }
}
