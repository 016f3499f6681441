//! fails: trickle-buys-no-time
//! Looks at the deadline of a client only where nothing has come from it, and waits with the whole time
//! whenever something has.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

struct Client {
    connection: TcpStream,
    unfinished: Vec<u8>,
    deadline: Instant,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("no address")?;
    let idle = Duration::from_millis(arguments.next().ok_or("no time")?.parse()?);
    let listener = TcpListener::bind(address)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let nearest = clients.iter().map(|client| client.deadline).min();
        let ready = wait(&listener, &clients, nearest)?;
        let now = Instant::now();
        let mut of_clients = ready[1..].iter();
        clients.retain_mut(|client| {
            let is_ready = of_clients.next().copied().unwrap_or(false);
            if is_ready {
                client.deadline = Instant::now() + idle;
                return echo_lines(client, idle).unwrap_or(false);
            }
            now < client.deadline
        });
        if ready[0] {
            let (connection, _) = listener.accept()?;
            clients.push(Client {
                connection,
                unfinished: Vec::new(),
                deadline: Instant::now() + idle,
            });
        }
    }
}

/// Waits until something can be received, or until the nearest deadline: what is ready, the listener
/// first.
fn wait(
    listener: &TcpListener,
    clients: &[Client],
    nearest: Option<Instant>,
) -> io::Result<Vec<bool>> {
    let mut polled = vec![PollFd::new(listener, PollFlags::IN)];
    let connections = clients.iter().map(|client| &client.connection);
    polled.extend(connections.map(|connection| PollFd::new(connection, PollFlags::IN)));
    let timeout = nearest.map(until).transpose()?;
    poll(&mut polled, timeout.as_ref())?;
    Ok(polled.iter().map(|one| !one.revents().is_empty()).collect())
}

fn until(deadline: Instant) -> io::Result<Timespec> {
    let left = deadline.saturating_duration_since(Instant::now());
    Timespec::try_from(left).map_err(io::Error::other)
}

/// Sends back the lines that are complete. Whether the client is still there.
fn echo_lines(client: &mut Client, idle: Duration) -> io::Result<bool> {
    let mut buffer = [0; 4096];
    let received = client.connection.read(&mut buffer)?;
    client.unfinished.extend(&buffer[..received]);
    if let Some(newline) = client.unfinished.iter().rposition(|&byte| byte == b'\n') {
        let lines: Vec<u8> = client.unfinished.drain(..=newline).collect();
        client.connection.write_all(&lines)?;
        client.deadline = Instant::now() + idle;
    }
    Ok(received > 0)
}
