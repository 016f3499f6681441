//! fails: a-member-who-does-not-read
//! Has one thread that sends to everyone: it waits for the one who does not read, and the others wait
//! with it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

type Members = Arc<Mutex<Vec<(String, Arc<TcpStream>)>>>;

/// Who is here, and what is to be sent to whom.
#[derive(Clone)]
struct Room {
    members: Members,
    lines: Sender<(Arc<TcpStream>, String)>,
}

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let (lines, to_send) = channel::<(Arc<TcpStream>, String)>();
    thread::spawn(move || {
        for (stream, line) in to_send {
            // Who cannot be sent to leaves soon.
            let _ = (&*stream).write_all(line.as_bytes());
        }
    });
    let members = Members::default();
    let room = Room { members, lines };
    for stream in listener.incoming() {
        let (stream, room) = (stream?, room.clone());
        thread::spawn(move || serve(stream, &room));
    }
    Ok(())
}

fn serve(mut stream: TcpStream, room: &Room) -> io::Result<()> {
    stream.write_all(b"name?\n")?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let Some(name) = line(&mut reader) else {
        return Ok(());
    };
    if !is_a_name(&name) {
        return stream.write_all(b"error: bad name\n");
    }
    if !join(&name, &stream, room)? {
        return stream.write_all(b"error: name taken\n");
    }
    while let Some(text) = line(&mut reader) {
        if !text.is_empty() {
            tell(room, &room.members(), &name, &format!("{name}: {text}\n"));
        }
    }
    leave(&name, room);
    Ok(())
}

fn is_a_name(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    letters && !name.is_empty() && name.len() <= 16
}

impl Room {
    fn members(&self) -> MutexGuard<'_, Vec<(String, Arc<TcpStream>)>> {
        self.members.lock().unwrap()
    }
}

fn join(name: &str, stream: &TcpStream, room: &Room) -> io::Result<bool> {
    let mut members = room.members();
    if members.iter().any(|(member, _)| member == name) {
        return Ok(false);
    }
    let stream = Arc::new(stream.try_clone()?);
    let names: Vec<&str> = members.iter().map(|(member, _)| &member[..]).collect();
    let here = format!("here: {}", names.join(", "));
    let line = format!("{}\n", here.trim_end());
    let _ = room.lines.send((Arc::clone(&stream), line));
    tell(room, &members, name, &format!("+ {name}\n"));
    members.push((name.to_owned(), stream));
    Ok(true)
}

fn leave(name: &str, room: &Room) {
    let mut members = room.members();
    members.retain(|(member, _)| member != name);
    tell(room, &members, name, &format!("- {name}\n"));
}

fn tell(room: &Room, members: &[(String, Arc<TcpStream>)], from: &str, line: &str) {
    for (member, stream) in members {
        if member != from {
            let _ = room.lines.send((Arc::clone(stream), line.to_owned()));
        }
    }
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    reader.take(1_001).read_until(b'\n', &mut line).ok()?;
    if line.pop() != Some(b'\n') {
        return None;
    }
    String::from_utf8(line).ok()
}
