//! 303 poll: echoes to any number of clients, with one thread that never waits for one of them.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, poll};

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("poll: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("usage: poll ADDRESS")?;
    let listener = listen(&address)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let ready = wait(&listener, &clients)?;
        // In the order of `wait`: the listener first, then each client.
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

/// Listens on `address`. Its accept never waits.
fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Waits until something can be done: for the listener, then for each client, whether it can.
fn wait(listener: &TcpListener, clients: &[Client]) -> io::Result<Vec<bool>> {
    let mut fds = vec![PollFd::new(listener, PollFlags::IN)];
    for client in clients {
        fds.push(PollFd::new(&client.stream, client.interest()));
    }
    poll(&mut fds, None)?;
    Ok(fds.iter().map(|fd| !fd.revents().is_empty()).collect())
}

/// Takes all connections out of the accept queue.
fn accept_all(listener: &TcpListener, clients: &mut Vec<Client>) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(true)?;
                let unsent = Vec::new();
                clients.push(Client { stream, unsent });
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            // It has left again before it was accepted.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether a connection stays, after what has just come of it.
fn stays(done: io::Result<bool>) -> bool {
    match done {
        Ok(more) => more,
        // Nothing can be done now: poll will say when.
        Err(error) if error.kind() == ErrorKind::WouldBlock => true,
        // A client that vanishes ends its own connection, not the server.
        Err(error) => {
            eprintln!("poll: {error}");
            false
        }
    }
}

/// A connection, and what has come on it and has not been sent back yet.
struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
}

impl Client {
    /// What has to be possible before there is anything to do. While something is unsent, nothing
    /// more is received: so much is held of each client, and no more.
    fn interest(&self) -> PollFlags {
        if self.unsent.is_empty() {
            PollFlags::IN
        } else {
            PollFlags::OUT
        }
    }

    /// Receives, if nothing is unsent, and sends back what the kernel takes. Whether more may come.
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
