//! fails: announces-joining-and-leaving
//! Has a table of places, and gives who comes the first that is free: the list is in the order of places.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

type Member = (String, Sender<String>);
type Room = Arc<Mutex<Vec<Option<Member>>>>;

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
            tell(&room.lock().unwrap(), &name, &format!("{name}: {text}\n"));
        }
    }
    leave(&name, room);
    Ok(())
}

fn is_a_name(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    letters && !name.is_empty() && name.len() <= 16
}

fn join(name: &str, stream: &TcpStream, room: &Room) -> io::Result<bool> {
    let mut members = room.lock().unwrap();
    if members.iter().flatten().any(|(member, _)| member == name) {
        return Ok(false);
    }
    let (sender, lines) = channel::<String>();
    let mut stream = stream.try_clone()?;
    thread::spawn(move || {
        for line in lines {
            if stream.write_all(line.as_bytes()).is_err() {
                return;
            }
        }
    });
    let names: Vec<&str> = members
        .iter()
        .flatten()
        .map(|(member, _)| &member[..])
        .collect();
    let here = format!("here: {}", names.join(", "));
    let _ = sender.send(format!("{}\n", here.trim_end()));
    tell(&members, name, &format!("+ {name}\n"));
    let newcomer = Some((name.to_owned(), sender));
    match members.iter_mut().find(|place| place.is_none()) {
        Some(place) => *place = newcomer,
        None => members.push(newcomer),
    }
    Ok(true)
}

fn leave(name: &str, room: &Room) {
    let mut members = room.lock().unwrap();
    for place in members.iter_mut() {
        place.take_if(|(member, _)| member == name);
    }
    tell(&members, name, &format!("- {name}\n"));
}

fn tell(members: &[Option<Member>], from: &str, line: &str) {
    for (member, sender) in members.iter().flatten() {
        if member != from {
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
