//! fails: a-stalled-client-stalls-nobody
//! One thread; poll says who has sent something, and then it reads a whole line of that client, and waits
//! for what is missing.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use rustix::event::{PollFd, PollFlags, poll};

struct Client {
    reader: BufReader<TcpStream>,
    number: u64,
}

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let mut fds = vec![PollFd::new(&listener, PollFlags::IN)];
        fds.extend(
            clients
                .iter()
                .map(|c| PollFd::new(c.reader.get_ref(), PollFlags::IN)),
        );
        poll(&mut fds, None)?;
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
        let mut of_client = ready[1..].iter();
        clients.retain_mut(|client| {
            let is_ready = of_client.next().is_some_and(|ready| *ready);
            !is_ready || serve(client).unwrap_or(false)
        });
        if ready[0] {
            let (stream, _) = listener.accept()?;
            clients.push(Client {
                reader: BufReader::new(stream),
                number: 0,
            });
        }
    }
}

/// Whether the client is still there.
fn serve(client: &mut Client) -> io::Result<bool> {
    loop {
        let mut line = Vec::new();
        client.reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(false);
        }
        client.number += 1;
        let answer = [format!("{} ", client.number).as_bytes(), &line].concat();
        client.reader.get_mut().write_all(&answer)?;
        // What came together with it is in the buffer: poll knows nothing of that.
        if client.reader.buffer().is_empty() {
            return Ok(true);
        }
    }
}
