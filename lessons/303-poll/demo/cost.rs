//! What a thread for each client costs, and one loop for all: run it with a number of clients.
//!
//! Three servers in turn, each in a process of its own, with so many idle clients; then each client
//! sends a word and gets it back, many times.

use std::error::Error;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::event::{PollFd, PollFlags, poll};

const ROUNDS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    match args.get(1).map(String::as_str) {
        Some("serve-threads") => Ok(serve_threads(&listen()?)?),
        Some("serve-poll") => Ok(serve_poll(&listen()?)?),
        Some("serve-epoll") => Ok(serve_epoll(&listen()?)?),
        Some(number) => {
            let clients = number.parse()?;
            println!("{clients:>4} clients   threads    RssAnon   VmSize   an echo takes");
            measure("threads", clients)?;
            measure("poll", clients)?;
            measure("epoll", clients)
        }
        None => Err("usage: cost CLIENTS".into()),
    }
}

/// Listens, and prints the address.
fn listen() -> io::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    Ok(listener)
}

/// 301: a thread for each.
fn serve_threads(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept()?;
        thread::spawn(move || -> io::Result<()> {
            let mut buffer = [0; 4096];
            loop {
                let received = stream.read(&mut buffer)?;
                if received == 0 {
                    return Ok(());
                }
                stream.write_all(&buffer[..received])?;
            }
        });
    }
}

/// 303: one loop for all. (Short words always find room, so it keeps nothing unsent.)
fn serve_poll(listener: &TcpListener) -> io::Result<()> {
    let mut streams: Vec<TcpStream> = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let mut fds = vec![PollFd::new(listener, PollFlags::IN)];
        fds.extend(streams.iter().map(|s| PollFd::new(s, PollFlags::IN)));
        poll(&mut fds, None)?;
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
        for (stream, _) in streams.iter_mut().zip(&ready[1..]).filter(|(_, r)| **r) {
            let received = stream.read(&mut buffer)?;
            stream.write_all(&buffer[..received])?;
        }
        if ready[0] {
            streams.push(listener.accept()?.0);
        }
    }
}

/// The same, with a list that the kernel keeps.
fn serve_epoll(listener: &TcpListener) -> io::Result<()> {
    const LISTENER: u64 = u64::MAX;
    let mut streams: Vec<TcpStream> = Vec::new();
    let mut buffer = [0; 4096];
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    let key = EventData::new_u64;
    epoll::add(&epoll, listener, key(LISTENER), EventFlags::IN)?;
    let mut events = Vec::with_capacity(64);
    loop {
        epoll::wait(&epoll, spare_capacity(&mut events), None)?;
        for event in events.drain(..) {
            if event.data.u64() == LISTENER {
                let (stream, _) = listener.accept()?;
                epoll::add(&epoll, &stream, key(streams.len() as u64), EventFlags::IN)?;
                streams.push(stream);
            } else if let Some(stream) = usize::try_from(event.data.u64())
                .ok()
                .and_then(|number| streams.get_mut(number))
            {
                let received = stream.read(&mut buffer)?;
                stream.write_all(&buffer[..received])?;
            }
        }
    }
}

fn measure(kind: &str, number: usize) -> Result<(), Box<dyn Error>> {
    let mut server = Command::new(std::env::current_exe()?)
        .arg(format!("serve-{kind}"))
        .stdout(Stdio::piped())
        .spawn()?;
    let measured = talk(&mut server, kind, number);
    server.kill()?;
    server.wait()?;
    measured
}

fn talk(server: &mut Child, kind: &str, number: usize) -> Result<(), Box<dyn Error>> {
    let output = server.stdout.take().ok_or("no output")?;
    let mut address = String::new();
    BufReader::new(output).read_line(&mut address)?;
    let mut clients = Vec::new();
    for _ in 0..number {
        let mut client = TcpStream::connect(address.trim())?;
        echo(&mut client)?;
        clients.push(client);
    }
    let mut times = Vec::new();
    for client in (0..ROUNDS).flat_map(|_| 0..number) {
        let start = Instant::now();
        echo(&mut clients[client])?;
        times.push(start.elapsed());
    }
    // Half of them took longer. A mean would tell of the few that met a busy processor.
    times.sort_unstable();
    let median = times.get(times.len() / 2).ok_or("no clients")?;

    let of = |name| status(server.id(), name);
    println!(
        "{kind:<12} {:>9} {:>6} KiB {:>4} MiB   {median:?}",
        of("Threads")?,
        of("RssAnon")?,
        of("VmSize")? >> 10,
    );
    Ok(())
}

fn echo(client: &mut TcpStream) -> io::Result<()> {
    client.write_all(b"word")?;
    client.read_exact(&mut [0; 4])
}

/// One number of `/proc/PID/status`, see `man 5 proc`.
fn status(pid: u32, name: &str) -> Result<usize, Box<dyn Error>> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find(|line| line.starts_with(name));
    let mut words = line.ok_or("no such line")?.split_whitespace();
    Ok(words.nth(1).ok_or("no number")?.parse()?)
}
