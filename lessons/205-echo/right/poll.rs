//! One thread for all clients: poll says which of them can be served without waiting.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, poll};

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("echo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let ready = wait(&listener, &clients)?;
        // The listener comes first, then the clients in their order.
        let mut of_client = ready[1..].iter();
        clients.retain_mut(|client| {
            let ready = of_client.next().is_some_and(|flags| !flags.is_empty());
            // A client that vanishes ends its own connection, not the server.
            !ready || client.serve().unwrap_or(false)
        });
        if !ready[0].is_empty() {
            clients.extend(accept(&listener)?);
        }
    }
}

/// Waits until something can be done, and says what for the listener and for each client.
fn wait(listener: &TcpListener, clients: &[Client]) -> io::Result<Vec<PollFlags>> {
    let mut fds = vec![PollFd::new(listener, PollFlags::IN)];
    fds.extend(clients.iter().map(|c| PollFd::new(&c.stream, c.interest())));
    poll(&mut fds, None)?;
    Ok(fds.iter().map(PollFd::revents).collect())
}

fn accept(listener: &TcpListener) -> io::Result<Option<Client>> {
    match listener.accept() {
        Ok((stream, _)) => Ok(Some(Client::new(stream)?)),
        // It has left again before it was accepted.
        Err(e)
            if matches!(
                e.kind(),
                ErrorKind::WouldBlock | ErrorKind::ConnectionAborted
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A connection, and what has been received from it and not been sent back yet.
struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    unsent: std::ops::Range<usize>,
}

impl Client {
    fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 16 * 1024],
            unsent: 0..0,
        })
    }

    /// While there is something to send, it receives nothing: so much it holds and no more.
    fn interest(&self) -> PollFlags {
        if self.unsent.is_empty() {
            PollFlags::IN
        } else {
            PollFlags::OUT
        }
    }

    /// Does what can be done without waiting. Whether the connection goes on.
    fn serve(&mut self) -> io::Result<bool> {
        loop {
            let done = if self.unsent.is_empty() {
                self.stream.read(&mut self.buffer)
            } else {
                self.stream.write(&self.buffer[self.unsent.clone()])
            };
            match done {
                Ok(0) => return Ok(false),
                Ok(len) if self.unsent.is_empty() => self.unsent = 0..len,
                Ok(len) => self.unsent.start += len,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
