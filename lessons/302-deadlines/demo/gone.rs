//! What recv and send say when the other side goes away. Each way of going is gone for real, over
//! loopback, and what comes of it is printed as a table.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::sockopt::set_socket_linger;

fn main() -> io::Result<()> {
    println!("| the other side … | on the wire | `recv` | again | `send` | again |");
    println!("|---|---|---|---|---|---|");
    row("says nothing", "nothing", |_| Ok(()))?;
    row("shuts its sending half down", "FIN", |there| {
        there.shutdown(std::net::Shutdown::Write)
    })?;
    row("closes", "FIN; RST after your `send`", |there| {
        *there = replacement()?;
        Ok(())
    })?;
    row("is killed", "FIN; RST after your `send`", killed)?;
    row("closes with bytes unread", "RST", closed_with_bytes_unread)?;
    row("closes with SO_LINGER 0", "RST", reset)?;
    row("sends 5 bytes and resets", "RST", |there| {
        there.write_all(b"words")?;
        reset(there)
    })?;
    row_of_sender("resets, and you `send` first", "RST", reset)?;
    println!();
    println!("| who sends when EPIPE is due | what becomes of it |");
    println!("|---|---|");
    println!("| `cat`, to which SIGPIPE is what it is | {} |", cat()?);
    println!(
        "| this program, since Rust ignores SIGPIPE | {} |",
        epipe()?
    );
    Ok(())
}

/// How the other side goes. The connection that it is lent is its end; it may put another in its place.
type Going = fn(&mut TcpStream) -> io::Result<()>;

fn row(name: &str, wire: &str, going: Going) -> io::Result<()> {
    let (mut here, mut there) = pair()?;
    // For who closes with bytes unread. Everybody else reads them.
    here.write_all(b"unread")?;
    if name != "closes with bytes unread" {
        there.read_exact(&mut [0; 6])?;
    }
    going(&mut there)?;
    let received = [recv(&mut here), recv(&mut here)];
    let sent = [send(&mut here), send(&mut here)];
    print_row(name, wire, &received, &sent);
    Ok(())
}

/// The same for who sends before it receives.
fn row_of_sender(name: &str, wire: &str, going: Going) -> io::Result<()> {
    let (mut here, mut there) = pair()?;
    going(&mut there)?;
    wait_for(&here, PollFlags::HUP);
    let sent = [send(&mut here), send(&mut here)];
    let received = [recv(&mut here), recv(&mut here)];
    print_row(name, wire, &received, &sent);
    Ok(())
}

fn print_row(name: &str, wire: &str, received: &[String], sent: &[String]) {
    let [received, sent] = [received.join(" | "), sent.join(" | ")];
    println!("| {name} | {wire} | {received} | {sent} |");
}

/// A connection, from both ends.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let here = TcpStream::connect(listener.local_addr()?)?;
    let (there, _) = listener.accept()?;
    // Long enough to see that nothing comes, where nothing is under way.
    here.set_read_timeout(Some(Duration::from_millis(200)))?;
    Ok((here, there))
}

/// Another connection, to be put in the place of one that is to be closed.
fn replacement() -> io::Result<TcpStream> {
    Ok(pair()?.0)
}

/// Another process has the connection, and nobody else; then it is killed.
fn killed(there: &mut TcpStream) -> io::Result<()> {
    let theirs = std::mem::replace(there, replacement()?);
    let mut sleep = Command::new("sleep");
    let mut child = sleep
        .arg("60")
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .spawn()?;
    drop(sleep);
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn closed_with_bytes_unread(there: &mut TcpStream) -> io::Result<()> {
    wait_for(there, PollFlags::IN);
    *there = replacement()?;
    Ok(())
}

fn reset(there: &mut TcpStream) -> io::Result<()> {
    set_socket_linger(&*there, Some(Duration::ZERO))?;
    *there = replacement()?;
    Ok(())
}

/// `cat` sends to a connection that is no more. Rust gives a child SIGPIPE back as it found it.
fn cat() -> io::Result<String> {
    let (here, mut there) = pair()?;
    reset(&mut there)?;
    wait_for(&here, PollFlags::HUP);
    // The first error is told, and from then on it is EPIPE.
    here.take_error()?;
    let mut cat = Command::new("cat");
    let mut child = cat
        .stdin(Stdio::piped())
        .stdout(Stdio::from(OwnedFd::from(here)))
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(b"words\n")?;
    }
    let status = child.wait()?;
    Ok(match status.signal() {
        Some(13) => "killed by signal 13, SIGPIPE".into(),
        _ => status.to_string(),
    })
}

fn epipe() -> io::Result<String> {
    let (mut here, mut there) = pair()?;
    reset(&mut there)?;
    wait_for(&here, PollFlags::HUP);
    here.take_error()?;
    Ok(format!("`send` returns {}", send(&mut here)))
}

fn recv(here: &mut TcpStream) -> String {
    match here.read(&mut [0; 100]) {
        Ok(0) => "0".into(),
        Ok(received) => format!("{received} bytes"),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => "waits".into(),
        Err(error) => name(&error),
    }
}

fn send(here: &mut TcpStream) -> String {
    let sent = here.write(b"words");
    // Where the other side answers with a reset, it is here at once.
    wait_for(here, PollFlags::HUP);
    sent.map_or_else(|error| name(&error), |_| "takes it".into())
}

fn name(error: &io::Error) -> String {
    match Errno::from_io_error(error) {
        Some(Errno::CONNRESET) => "ECONNRESET".into(),
        Some(Errno::PIPE) => "EPIPE".into(),
        _ => error.to_string(),
    }
}

/// Waits a little until this happens on the connection, if it does.
fn wait_for(connection: &TcpStream, event: PollFlags) {
    const SHORT: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 200_000_000,
    };
    let mut polled = [PollFd::new(connection, event)];
    if event == PollFlags::HUP {
        // Hang-ups are reported in any case; an end that is there already must not count.
        polled[0] = PollFd::new(connection, PollFlags::empty());
    }
    if let Err(error) = poll(&mut polled, Some(&SHORT)) {
        eprintln!("poll: {error}");
    }
}
