//! fails: lurkers-are-invisible
//! Keeps all connections in one list, and relays to all of them; only the news are for members.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// Without a name, the string is empty.
type Member = (usize, String, Sender<String>);

static NEXT: AtomicUsize = AtomicUsize::new(0);

type Room = Arc<Mutex<Vec<Member>>>;

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

fn serve(stream: TcpStream, room: &Room) -> io::Result<()> {
    let number = connect(&stream, room)?;
    let ended = converse(number, stream, room);
    let mut members = room.lock().unwrap();
    members.retain(|(other, _, _)| *other != number);
    ended
}

fn converse(number: usize, mut stream: TcpStream, room: &Room) -> io::Result<()> {
    stream.write_all(b"name?\n")?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let Some(name) = line(&mut reader) else {
        return Ok(());
    };
    if !is_a_name(&name) {
        return stream.write_all(b"error: bad name\n");
    }
    if !join(number, &name, room) {
        return stream.write_all(b"error: name taken\n");
    }
    while let Some(text) = line(&mut reader) {
        if !text.is_empty() {
            say(&room.lock().unwrap(), number, &format!("{name}: {text}\n"));
        }
    }
    tell(&room.lock().unwrap(), number, &format!("- {name}\n"));
    Ok(())
}

fn is_a_name(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    letters && !name.is_empty() && name.len() <= 16
}

fn connect(stream: &TcpStream, room: &Room) -> io::Result<usize> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let (sender, lines) = channel::<String>();
    let mut stream = stream.try_clone()?;
    thread::spawn(move || {
        for line in lines {
            if stream.write_all(line.as_bytes()).is_err() {
                return;
            }
        }
    });
    room.lock().unwrap().push((number, String::new(), sender));
    Ok(number)
}

fn join(number: usize, name: &str, room: &Room) -> bool {
    let mut members = room.lock().unwrap();
    if members.iter().any(|(_, member, _)| member == name) {
        return false;
    }
    let all = members.iter().map(|(_, member, _)| &member[..]);
    let names: Vec<&str> = all.filter(|member| !member.is_empty()).collect();
    let here = format!("here: {}", names.join(", "));
    tell(&members, number, &format!("+ {name}\n"));
    // Last in the list, as it joins last.
    let at = members.iter().position(|(other, _, _)| *other == number);
    let (number, _, sender) = members.remove(at.expect("it is connected"));
    let _ = sender.send(format!("{}\n", here.trim_end()));
    members.push((number, name.to_owned(), sender));
    true
}

fn tell(members: &[Member], from: usize, line: &str) {
    for (number, name, sender) in members {
        if *number != from && !name.is_empty() {
            let _ = sender.send(line.to_owned());
        }
    }
}

fn say(members: &[Member], from: usize, line: &str) {
    for (number, _, sender) in members {
        if *number != from {
            let _ = sender.send(line.to_owned());
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
