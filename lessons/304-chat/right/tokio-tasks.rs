//! Two tasks a member on tokio: one receives, the other sends. Over 1 MiB that waits, a member is dropped.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const MOST: usize = 1 << 20;

struct Member {
    name: String,
    lines: UnboundedSender<Arc<str>>,
    waiting: Arc<AtomicUsize>,
    dropped: Arc<Notify>,
}

type Room = Mutex<Vec<Member>>;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind(address).await?;
        let room = Arc::new(Room::default());
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(serve(stream, Arc::clone(&room)));
        }
    })
}

async fn serve(stream: TcpStream, room: Arc<Room>) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    writer.write_all(b"name?\n").await?;
    let Some(name) = line(&mut reader).await else {
        return Ok(());
    };
    let (lines, to_send) = unbounded_channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let dropped = Arc::new(Notify::new());
    let member = Member {
        name: name.clone(),
        lines,
        waiting: Arc::clone(&waiting),
        dropped: Arc::clone(&dropped),
    };
    if !join(member, &room) {
        return writer.write_all(b"error: that will not do\n").await;
    }
    let mut sending = tokio::spawn(send(writer, to_send, waiting));
    let mut relaying = tokio::spawn(relay(reader, name.clone(), Arc::clone(&room)));
    // Whichever comes first.
    race(&mut relaying, &dropped).await;
    relaying.abort();
    leave(&name, &room);
    race(&mut sending, &dropped).await;
    sending.abort();
    Ok(())
}

/// Waits for the end of this task, or until the member is dropped.
async fn race<T>(task: &mut tokio::task::JoinHandle<T>, dropped: &Notify) {
    let mut dropped = std::pin::pin!(dropped.notified());
    let mut task = std::pin::pin!(task);
    std::future::poll_fn(|context| {
        let over =
            task.as_mut().poll(context).is_ready() || dropped.as_mut().poll(context).is_ready();
        if over {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

async fn relay(mut reader: impl AsyncBufRead + Unpin, name: String, room: Arc<Room>) {
    while let Some(text) = line(&mut reader).await {
        if !text.is_empty() {
            tell(&lock(&room), &name, &format!("{name}: {text}\n"));
        }
    }
}

async fn send(
    mut writer: OwnedWriteHalf,
    mut lines: UnboundedReceiver<Arc<str>>,
    waiting: Arc<AtomicUsize>,
) -> io::Result<()> {
    while let Some(line) = lines.recv().await {
        writer.write_all(line.as_bytes()).await?;
        waiting.fetch_sub(line.len(), Ordering::Relaxed);
    }
    Ok(())
}

fn join(member: Member, room: &Room) -> bool {
    let name = &member.name;
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut members = lock(room);
    let taken = members.iter().any(|other| other.name == *name);
    if !letters || name.is_empty() || name.len() > 16 || taken {
        return false;
    }
    let names: Vec<&str> = members.iter().map(|member| &member.name[..]).collect();
    let here = match names.join(", ") {
        names if names.is_empty() => "here:\n".to_owned(),
        names => format!("here: {names}\n"),
    };
    put(&member, &here.into());
    tell(&members, name, &format!("+ {name}\n"));
    members.push(member);
    true
}

fn leave(name: &str, room: &Room) {
    let mut members = lock(room);
    members.retain(|member| member.name != name);
    tell(&members, name, &format!("- {name}\n"));
}

fn tell(members: &[Member], from: &str, line: &str) {
    let line: Arc<str> = line.into();
    for member in members.iter().filter(|member| member.name != from) {
        put(member, &line);
    }
}

fn put(member: &Member, line: &Arc<str>) {
    let waiting = member.waiting.fetch_add(line.len(), Ordering::Relaxed);
    if waiting + line.len() > MOST {
        member.dropped.notify_waiters();
        member.dropped.notify_one();
    } else {
        // Who cannot be sent to any more is about to leave.
        let _ = member.lines.send(Arc::clone(line));
    }
}

fn lock(room: &Room) -> MutexGuard<'_, Vec<Member>> {
    room.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next line; none where there is none, or none that is allowed.
async fn line(reader: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let mut line = Vec::new();
    reader.take(1_001).read_until(b'\n', &mut line).await.ok()?;
    let text = line.strip_suffix(b"\n")?;
    String::from_utf8(text.to_owned()).ok()
}
