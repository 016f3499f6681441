//! A thread a client that receives, and one that sends from a bounded queue. The queue counts bytes; a
//! member whose queue is full misses messages, and stays.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

const MOST: usize = 1 << 20;

/// Lines for one member.
#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: VecDeque<Arc<str>>,
    bytes: usize,
    closed: bool,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, line: &Arc<str>) {
        let mut state = self.state();
        if state.bytes + line.len() <= MOST {
            state.bytes += line.len();
            state.lines.push_back(Arc::clone(line));
        }
        self.changed.notify_one();
    }

    fn close(&self) {
        self.state().closed = true;
        self.changed.notify_one();
    }

    /// The next line; none when the member has left. Its bytes count until it is sent.
    fn pop(&self) -> Option<Arc<str>> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            if let Some(line) = state.lines.pop_front() {
                return Some(line);
            }
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn sent(&self, bytes: usize) {
        self.state().bytes -= bytes;
    }
}

type Room = Mutex<Vec<(String, Arc<Queue>)>>;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let room = Arc::new(Room::default());
    for stream in listener.incoming() {
        let (stream, room) = (stream?, Arc::clone(&room));
        thread::spawn(move || serve(&stream, &room));
    }
    Ok(())
}

fn serve(mut stream: &TcpStream, room: &Room) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    stream.write_all(b"name?\n")?;
    let Some(name) = line(&mut reader) else {
        // Too long, or no text, or nothing: this client may know or not.
        return stream.write_all(b"error: that is no line\n");
    };
    let queue = Arc::new(Queue::default());
    if let Err(reason) = join(&name, &queue, room) {
        return stream.write_all(format!("error: {reason}\n").as_bytes());
    }
    let (mut sending, outbox) = (stream.try_clone()?, Arc::clone(&queue));
    thread::spawn(move || {
        while let Some(line) = outbox.pop() {
            if sending.write_all(line.as_bytes()).is_err() {
                return;
            }
            outbox.sent(line.len());
        }
    });
    while let Some(text) = line(&mut reader) {
        if !text.is_empty() {
            tell(&lock(room), &name, format!("{name}: {text}\n"));
        }
    }
    let mut members = lock(room);
    members.retain(|(member, _)| *member != name);
    tell(&members, &name, format!("- {name}\n"));
    queue.close();
    stream.shutdown(Shutdown::Both)
}

fn join(name: &str, queue: &Arc<Queue>, room: &Room) -> Result<(), &'static str> {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if name.is_empty() || name.len() > 16 || !letters {
        return Err("no such name, please");
    }
    let mut members = lock(room);
    if members.iter().any(|(member, _)| member == name) {
        return Err("taken");
    }
    let names: Vec<&str> = members.iter().map(|(member, _)| &member[..]).collect();
    let here = format!("here: {}", names.join(", "));
    queue.push(&format!("{}\n", here.trim_end()).into());
    tell(&members, name, format!("+ {name}\n"));
    members.push((name.to_owned(), Arc::clone(queue)));
    Ok(())
}

fn tell(members: &[(String, Arc<Queue>)], from: &str, line: String) {
    let line: Arc<str> = line.into();
    for (_, queue) in members.iter().filter(|(name, _)| name != from) {
        queue.push(&line);
    }
}

fn lock(room: &Room) -> MutexGuard<'_, Vec<(String, Arc<Queue>)>> {
    room.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next line, whole and UTF-8; none otherwise.
fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    reader.take(1_001).read_until(b'\n', &mut line).ok()?;
    let text = line.strip_suffix(b"\n")?;
    String::from_utf8(text.to_owned()).ok()
}
