//! fails: announces-joining-and-leaving
//! Takes who ends its sending half off the list of names, and goes on sending to it what is said.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

#[derive(Default)]
struct Everyone {
    names: Vec<String>,
    outboxes: Vec<(String, Sender<String>)>,
}

type Room = Arc<Mutex<Everyone>>;

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
    let mut everyone = room.lock().unwrap();
    if everyone.names.iter().any(|member| member == name) {
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
    let here = format!("here: {}", everyone.names.join(", "));
    let _ = sender.send(format!("{}\n", here.trim_end()));
    tell(&everyone, name, &format!("+ {name}\n"));
    everyone.names.push(name.to_owned());
    // Somebody of that name may have been here before.
    everyone.outboxes.retain(|(member, _)| member != name);
    everyone.outboxes.push((name.to_owned(), sender));
    Ok(true)
}

fn leave(name: &str, room: &Room) {
    let mut everyone = room.lock().unwrap();
    everyone.names.retain(|member| member != name);
    tell(&everyone, name, &format!("- {name}\n"));
}

fn tell(everyone: &Everyone, from: &str, line: &str) {
    for (member, sender) in &everyone.outboxes {
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
