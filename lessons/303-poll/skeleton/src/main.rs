//! 303 poll: echo to any number of clients, with one thread that never waits for one of them.
//!
//! Run the checks with `cargo test -p poll`. The chapter is book/src/303-poll.md.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use rustix::event::PollFlags;

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
fn listen(_address: &str) -> io::Result<TcpListener> {
    todo!(
        "TcpListener::bind to the address, as before. Then set_nonblocking(true): accept must return \
         WouldBlock when nobody is there, and not wait."
    )
}

/// Waits until something can be done: for the listener, then for each client, whether it can.
fn wait(_listener: &TcpListener, _clients: &[Client]) -> io::Result<Vec<bool>> {
    todo!(
        "make a list of PollFds: first the listener, with PollFlags::IN, then each client's stream, \
         with its interest. Call poll with the list and no time limit. Return for each, in the same \
         order, whether its revents are not empty."
    )
}

/// Takes all connections out of the accept queue.
fn accept_all(_listener: &TcpListener, _clients: &mut Vec<Client>) -> io::Result<()> {
    todo!(
        "accept in a loop. Make each stream non-blocking and push it as a Client with nothing unsent. \
         WouldBlock means that the queue is empty: return Ok."
    )
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
#[expect(dead_code, reason = "remove this line when you use both fields")]
struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
}

impl Client {
    /// What has to be possible before there is anything to do for this client.
    #[expect(dead_code, reason = "remove this line when `wait` asks for it")]
    fn interest(&self) -> PollFlags {
        todo!("IN if nothing is unsent, OUT otherwise: who does not read is not read from.")
    }

    /// Receives, if nothing is unsent, and sends back what the kernel takes. Whether more may come.
    fn go_on(&mut self) -> io::Result<bool> {
        todo!(
            "if nothing is unsent: read into a buffer. 0 is the end: return Ok(false). Otherwise keep \
             what came in `unsent`. Then write `unsent`, once, and remove from its front as many bytes \
             as write says. Return Ok(true). Hand errors on with `?`, WouldBlock too: `stays` knows it."
        )
    }
}
