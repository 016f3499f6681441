//! One thread for all clients: poll says which of them can be served without waiting.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, poll};

/// More than the longest line: a client with so much to send waits until some of it is answered.
const MOST: usize = 256 * 1024;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("threads: {error}");
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
        let mut of_client = ready[1..].iter();
        clients.retain_mut(|client| {
            let is_ready = of_client.next().is_some_and(|flags| !flags.is_empty());
            // A client that vanishes ends its own connection, not the server.
            !is_ready || client.serve().unwrap_or(false)
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
        Err(e) if e.kind() == ErrorKind::WouldBlock || e.kind() == ErrorKind::ConnectionAborted => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

struct Client {
    stream: TcpStream,
    number: u64,
    /// The beginning of a line whose newline has not come.
    begun: Vec<u8>,
    answers: Vec<u8>,
    has_ended: bool,
}

impl Client {
    fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream,
            number: 0,
            begun: Vec::new(),
            answers: Vec::new(),
            has_ended: false,
        })
    }

    fn interest(&self) -> PollFlags {
        let mut flags = PollFlags::empty();
        flags.set(PollFlags::OUT, !self.answers.is_empty());
        flags.set(PollFlags::IN, !self.has_ended && self.answers.len() < MOST);
        flags
    }

    /// Does what can be done without waiting. Whether the connection goes on.
    fn serve(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.has_ended = true,
            Ok(len) => self.take(&buffer[..len]),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        self.send()?;
        Ok(!self.has_ended || !self.answers.is_empty())
    }

    fn take(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|&b| b == b'\n') {
            self.begun.extend(piece);
            if piece.ends_with(b"\n") {
                self.number += 1;
                self.answers.extend(format!("{} ", self.number).bytes());
                self.answers.append(&mut self.begun);
            }
        }
    }

    fn send(&mut self) -> io::Result<()> {
        while !self.answers.is_empty() {
            match self.stream.write(&self.answers) {
                Ok(len) => drop(self.answers.drain(..len)),
                Err(e) if e.kind() == ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
