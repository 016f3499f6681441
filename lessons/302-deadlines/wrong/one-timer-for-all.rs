//! fails: others-unaffected
//! also: trickle-buys-no-time
//! One timeout for poll, and whatever happens begins it anew: only when all are silent does anybody's
//! time run out.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

struct Client {
    connection: TcpStream,
    unfinished: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("no address")?;
    let idle = Duration::from_millis(arguments.next().ok_or("no time")?.parse()?);
    let listener = TcpListener::bind(address)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let ready = wait(&listener, &clients, idle)?;
        if !ready.contains(&true) {
            clients.clear();
        }
        let mut of_clients = ready[1..].iter();
        clients.retain_mut(|client| {
            let is_ready = of_clients.next().copied().unwrap_or(false);
            !is_ready || echo_lines(client).unwrap_or(false)
        });
        if ready[0] {
            let (connection, _) = listener.accept()?;
            clients.push(Client {
                connection,
                unfinished: Vec::new(),
            });
        }
    }
}

/// Waits until something can be received, or until the time is over: what is ready, the listener
/// first.
fn wait(listener: &TcpListener, clients: &[Client], idle: Duration) -> io::Result<Vec<bool>> {
    let mut polled = vec![PollFd::new(listener, PollFlags::IN)];
    let connections = clients.iter().map(|client| &client.connection);
    polled.extend(connections.map(|connection| PollFd::new(connection, PollFlags::IN)));
    let timeout = Timespec::try_from(idle).map_err(io::Error::other)?;
    poll(&mut polled, Some(&timeout))?;
    Ok(polled.iter().map(|one| !one.revents().is_empty()).collect())
}

/// Sends back the lines that are complete. Whether the client is still there.
fn echo_lines(client: &mut Client) -> io::Result<bool> {
    let mut buffer = [0; 4096];
    let received = client.connection.read(&mut buffer)?;
    client.unfinished.extend(&buffer[..received]);
    if let Some(newline) = client.unfinished.iter().rposition(|&byte| byte == b'\n') {
        let lines: Vec<u8> = client.unfinished.drain(..=newline).collect();
        client.connection.write_all(&lines)?;
    }
    Ok(received > 0)
}
