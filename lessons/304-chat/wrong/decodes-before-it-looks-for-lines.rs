//! fails: announces-joining-and-leaving
//! Makes text of all that has come before it looks for lines: one that is no text takes those before it
//! along.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

type Member = (String, Sender<String>);
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

fn serve(mut stream: TcpStream, room: &Room) -> io::Result<()> {
    stream.write_all(b"name?\n")?;
    let mut reader = Lines::new(stream.try_clone()?);
    let Some(name) = reader.line() else {
        return Ok(());
    };
    if !is_a_name(&name) {
        return stream.write_all(b"error: bad name\n");
    }
    if !join(&name, &stream, room)? {
        return stream.write_all(b"error: name taken\n");
    }
    while let Some(text) = reader.line() {
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
    if members.iter().any(|(member, _)| member == name) {
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
    let names: Vec<&str> = members.iter().map(|(member, _)| &member[..]).collect();
    let here = format!("here: {}", names.join(", "));
    let _ = sender.send(format!("{}\n", here.trim_end()));
    tell(&members, name, &format!("+ {name}\n"));
    members.push((name.to_owned(), sender));
    Ok(true)
}

fn leave(name: &str, room: &Room) {
    let mut members = room.lock().unwrap();
    members.retain(|(member, _)| member != name);
    tell(&members, name, &format!("- {name}\n"));
}

fn tell(members: &[Member], from: &str, line: &str) {
    for (member, sender) in members {
        if member != from {
            let _ = sender.send(line.to_owned());
        }
    }
}

/// What has come of a stream.
struct Lines {
    stream: TcpStream,
    text: String,
    /// The first bytes of a letter whose others have not come.
    rest: Vec<u8>,
}

impl Lines {
    fn new(stream: TcpStream) -> Self {
        let (text, rest) = (String::new(), Vec::new());
        Self { stream, text, rest }
    }

    fn line(&mut self) -> Option<String> {
        loop {
            if let Some((line, others)) = self.text.split_once('\n') {
                let line = line.to_owned();
                self.text = others.to_owned();
                return (line.len() <= 1_000).then_some(line);
            }
            if self.text.len() > 1_000 {
                return None;
            }
            self.receive()?;
        }
    }

    fn receive(&mut self) -> Option<()> {
        let mut buffer = [0; 4096];
        let received = self.stream.read(&mut buffer).ok().filter(|&len| len > 0)?;
        self.rest.extend(&buffer[..received]);
        let whole = match str::from_utf8(&self.rest) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return None,
        };
        let text = self.rest.drain(..whole).collect();
        self.text += &String::from_utf8(text).ok()?;
        Some(())
    }
}
