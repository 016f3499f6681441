//! fails: keeps-each-senders-order
//! Keeps at most 300 lines for a member, however short they are, and forgets the oldest.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// A name, and the lines that wait to be sent.
type Member = (String, VecDeque<String>);

#[derive(Default)]
struct Shared {
    members: Mutex<Vec<Member>>,
    changed: Condvar,
}

type Room = Arc<Shared>;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let room = Room::default();
    for stream in listener.incoming() {
        let (stream, room) = (stream?, Arc::clone(&room));
        thread::spawn(move || serve(stream, &room));
    }
    Ok(())
}

fn serve(mut stream: TcpStream, room: &Room) -> io::Result<()> {
    stream.write_all(b"name?\n")?;
    let mut input = Vec::new();
    let Some(mut lines) = receive(&mut stream, &mut input) else {
        return Ok(());
    };
    let name = lines.remove(0);
    if !is_a_name(&name) {
        return stream.write_all(b"error: bad name\n");
    }
    if !join(&name, &stream, room)? {
        return stream.write_all(b"error: name taken\n");
    }
    loop {
        let mut members = room.members.lock().unwrap();
        for text in lines.iter().filter(|text| !text.is_empty()) {
            tell(&mut members, &name, &format!("{name}: {text}\n"));
        }
        drop(members);
        room.changed.notify_all();
        lines = match receive(&mut stream, &mut input) {
            Some(lines) => lines,
            None => break,
        };
    }
    leave(&name, room);
    Ok(())
}

fn is_a_name(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    letters && !name.is_empty() && name.len() <= 16
}

fn join(name: &str, stream: &TcpStream, room: &Room) -> io::Result<bool> {
    let mut members = room.members.lock().unwrap();
    if members.iter().any(|(member, _)| member == name) {
        return Ok(false);
    }
    let names: Vec<&str> = members.iter().map(|(member, _)| &member[..]).collect();
    let here = format!("here: {}", names.join(", "));
    let first = VecDeque::from([format!("{}\n", here.trim_end())]);
    tell(&mut members, name, &format!("+ {name}\n"));
    members.push((name.to_owned(), first));
    room.changed.notify_all();
    let (name, stream, room) = (name.to_owned(), stream.try_clone()?, Arc::clone(room));
    thread::spawn(move || send(&name, stream, &room));
    Ok(true)
}

/// Sends the lines of this member, until it has left.
fn send(name: &str, mut stream: TcpStream, room: &Room) {
    let mut members = room.members.lock().unwrap();
    while let Some((_, lines)) = members.iter_mut().find(|(member, _)| member == name) {
        if lines.is_empty() {
            members = room.changed.wait(members).unwrap();
            continue;
        }
        let lines: String = lines.drain(..).collect();
        drop(members);
        if stream.write_all(lines.as_bytes()).is_err() {
            return;
        }
        members = room.members.lock().unwrap();
    }
}

fn leave(name: &str, room: &Room) {
    let mut members = room.members.lock().unwrap();
    members.retain(|(member, _)| member != name);
    tell(&mut members, name, &format!("- {name}\n"));
    room.changed.notify_all();
}

fn tell(members: &mut [Member], from: &str, line: &str) {
    for (member, lines) in members {
        if member != from {
            lines.push_back(line.to_owned());
            if lines.len() > 300 {
                lines.pop_front();
            }
        }
    }
}

/// The next lines, at least one of them.
fn receive(stream: &mut TcpStream, input: &mut Vec<u8>) -> Option<Vec<String>> {
    let mut buffer = vec![0; 64 * 1024];
    while !input.contains(&b'\n') {
        if input.len() > 1_000 {
            return None;
        }
        let received = stream.read(&mut buffer).ok().filter(|&n| n > 0)?;
        input.extend(&buffer[..received]);
    }
    let whole = input.split_inclusive(|&byte| byte == b'\n');
    let lines: Vec<String> = whole.map_while(text).collect();
    let len: usize = lines.iter().map(|line| line.len() + 1).sum();
    input.drain(..len);
    (!lines.is_empty()).then_some(lines)
}

/// The text of a line that is complete, and is one.
fn text(line: &[u8]) -> Option<String> {
    let line = line.strip_suffix(b"\n")?;
    let line = (line.len() <= 1_000).then(|| line.to_vec())?;
    String::from_utf8(line).ok()
}
