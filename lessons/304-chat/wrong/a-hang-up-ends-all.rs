//! fails: announces-joining-and-leaving
//! Asks poll for RDHUP, and takes out of the room whom it says that of, with the last words unread.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, poll};

const MOST: usize = 1 << 20;

struct Client {
    stream: TcpStream,
    name: Option<String>,
    input: Vec<u8>,
    output: Vec<u8>,
    /// It is sent what waits, and then closed; nothing more is taken from it.
    closing: bool,
}

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    let mut order: Vec<String> = Vec::new();
    loop {
        for ready in wait(&listener, &clients)? {
            match ready {
                (None, _) => accept(&listener, &mut clients),
                (Some(index), true) => leave(index, &mut clients, &mut order),
                (Some(index), false) => serve(index, &mut clients, &mut order),
            }
        }
        clients.retain(|client| !(client.closing && client.output.is_empty()));
    }
}

/// Which client has something to be done, or that somebody new is there; and whether it has ended.
fn wait(listener: &TcpListener, clients: &[Client]) -> io::Result<Vec<(Option<usize>, bool)>> {
    let mut fds = vec![PollFd::from_borrowed_fd(listener.as_fd(), PollFlags::IN)];
    for client in clients {
        let mut events = PollFlags::empty();
        events.set(PollFlags::IN | PollFlags::RDHUP, !client.closing);
        events.set(PollFlags::OUT, !client.output.is_empty());
        fds.push(PollFd::from_borrowed_fd(client.stream.as_fd(), events));
    }
    poll(&mut fds, None)?;
    let ready = fds.iter().enumerate();
    let ready = ready.filter(|(_, fd)| !fd.revents().is_empty());
    // Clients first: their places are those of before the accept.
    let has_ended = |fd: &PollFd<'_>| fd.revents().contains(PollFlags::RDHUP);
    let mut ready: Vec<_> = ready
        .map(|(at, fd)| (at.checked_sub(1), has_ended(fd)))
        .collect();
    ready.reverse();
    Ok(ready)
}

fn accept(listener: &TcpListener, clients: &mut Vec<Client>) {
    let Ok((stream, _)) = listener.accept() else {
        return;
    };
    if stream.set_nonblocking(true).is_err() {
        return;
    }
    let mut client = Client {
        stream,
        name: None,
        input: Vec::new(),
        output: b"name?\n".to_vec(),
        closing: false,
    };
    flush(&mut client);
    clients.push(client);
}

fn serve(index: usize, clients: &mut [Client], order: &mut Vec<String>) {
    flush(&mut clients[index]);
    if clients[index].closing {
        return;
    }
    let mut buffer = [0; 16 * 1024];
    let gone = match clients[index].stream.read(&mut buffer) {
        Ok(0) => true,
        Ok(received) => {
            clients[index].input.extend_from_slice(&buffer[..received]);
            false
        }
        Err(error) => error.kind() != ErrorKind::WouldBlock,
    };
    while let Some(line) = take_line(&mut clients[index].input) {
        let fine = line.is_ok_and(|line| hear(index, &line, clients, order));
        if !fine {
            leave(index, clients, order);
            return;
        }
    }
    if gone {
        leave(index, clients, order);
    }
}

/// What is too long for a line, or not UTF-8.
struct NoLine;

/// The first line, if it is there.
fn take_line(input: &mut Vec<u8>) -> Option<Result<String, NoLine>> {
    let Some(end) = input.iter().position(|&byte| byte == b'\n') else {
        return (input.len() > 1_000).then_some(Err(NoLine));
    };
    let mut line: Vec<u8> = input.drain(..=end).collect();
    line.pop();
    let text = String::from_utf8(line).ok().filter(|l| l.len() <= 1_000);
    Some(text.ok_or(NoLine))
}

/// Whether the client may stay.
fn hear(index: usize, line: &str, clients: &mut [Client], order: &mut Vec<String>) -> bool {
    if let Some(name) = clients[index].name.clone() {
        if !line.is_empty() {
            tell_others(index, clients, &format!("{name}: {line}\n"));
        }
        return true;
    }
    let fits = (1..=16).contains(&line.len()) && line.bytes().all(|b| b.is_ascii_alphanumeric());
    if !fits || order.iter().any(|name| name == line) {
        send(&mut clients[index], "error: not with that name\n");
        return false;
    }
    let mut here = String::from("here:");
    for (number, name) in order.iter().enumerate() {
        here += if number == 0 { " " } else { ", " };
        here += name;
    }
    send(&mut clients[index], &(here + "\n"));
    order.push(line.to_owned());
    clients[index].name = Some(line.to_owned());
    tell_others(index, clients, &format!("+ {line}\n"));
    true
}

fn leave(index: usize, clients: &mut [Client], order: &mut Vec<String>) {
    clients[index].closing = true;
    if let Some(name) = clients[index].name.take() {
        order.retain(|member| *member != name);
        tell_others(index, clients, &format!("- {name}\n"));
        clients[index].output.clear();
    }
}

fn tell_others(index: usize, clients: &mut [Client], line: &str) {
    for (other, client) in clients.iter_mut().enumerate() {
        if other != index && client.name.is_some() {
            send(client, line);
        }
    }
}

fn send(client: &mut Client, line: &str) {
    if client.output.len() + line.len() <= MOST {
        client.output.extend_from_slice(line.as_bytes());
        flush(client);
    }
}

/// Sends what the kernel takes now.
fn flush(client: &mut Client) {
    while !client.output.is_empty() {
        match client.stream.write(&client.output) {
            Ok(sent) => drop(client.output.drain(..sent)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                // What is broken will be received as an end; nothing can be sent any more.
                if error.kind() != ErrorKind::WouldBlock {
                    client.output.clear();
                }
                return;
            }
        }
    }
}
