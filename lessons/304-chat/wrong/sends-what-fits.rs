//! fails: a-member-who-does-not-read
//! also: announces-joining-and-leaving
//! Never waits in send, and forgets what the kernel does not take: half of a line, too.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::net::{SendFlags, send};

type Member = (String, TcpStream);
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
    let mut reader = BufReader::with_capacity(64 * 1024, stream.try_clone()?);
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
        let mut texts = vec![text];
        // What has come together goes together.
        while reader.buffer().contains(&b'\n') {
            texts.extend(line(&mut reader));
        }
        texts.retain(|text| !text.is_empty());
        let lines = texts.iter().map(|text| format!("{name}: {text}\n"));
        tell(&room.lock().unwrap(), &name, &lines.collect::<String>());
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
    let mut stream = stream.try_clone()?;
    let names: Vec<&str> = members.iter().map(|(member, _)| &member[..]).collect();
    let here = format!("here: {}", names.join(", "));
    stream.write_all(format!("{}\n", here.trim_end()).as_bytes())?;
    tell(&members, name, &format!("+ {name}\n"));
    members.push((name.to_owned(), stream));
    Ok(true)
}

fn leave(name: &str, room: &Room) {
    let mut members = room.lock().unwrap();
    members.retain(|(member, _)| member != name);
    tell(&members, name, &format!("- {name}\n"));
}

fn tell(members: &[Member], from: &str, line: &str) {
    for (member, stream) in members {
        if member != from {
            let _ = send(
                stream,
                line.as_bytes(),
                SendFlags::DONTWAIT | SendFlags::NOSIGNAL,
            );
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
