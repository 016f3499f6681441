//! What goes wrong at the end, of a connection and of the program.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use crate::listening::echo;

pub(crate) fn closes_early(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut client, _) = listener.accept()?;
        let mut buffer = [0; 4096];
        let count = client.read(&mut buffer)?;
        client.write_all(&buffer[..count])?;
    }
}

pub(crate) fn never_closes(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let mut clients = Vec::new();
    loop {
        let (client, _) = listener.accept()?;
        clients.push(client.try_clone()?);
        echo(client)?;
    }
}

pub(crate) fn closes_with_bytes_unread(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut client, _) = listener.accept()?;
        client.read_exact(&mut [0])?;
    }
}

pub(crate) fn keeps_descriptors(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let mut clients = Vec::new();
    loop {
        let (client, _) = listener.accept()?;
        clients.push(client.try_clone()?);
        echo(client)?;
        let left = clients.last().ok_or(io::ErrorKind::NotFound)?;
        left.shutdown(Shutdown::Both)?;
    }
}

pub(crate) fn exits(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let (mut client, _) = listener.accept()?;
    client.read_exact(&mut [0; 1])?;
    eprintln!("this client is not welcome");
    std::process::exit(3)
}

pub(crate) fn panics(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let (mut client, _) = listener.accept()?;
    let mut buffer = [0; 4096];
    let count = client.read(&mut buffer)?;
    let number: u16 = String::from_utf8_lossy(&buffer[..count])
        .parse()
        .expect("a number");
    client.write_all(&number.to_be_bytes())
}

/// As an exercise that is half done.
pub(crate) fn meets_a_todo_in_a_thread(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    loop {
        let (client, _) = listener.accept()?;
        thread::spawn(move || receives_and_has_a_todo(client));
    }
}

fn receives_and_has_a_todo(mut client: TcpStream) -> io::Result<()> {
    client.read_exact(&mut [0; 3])?;
    todo!("send back what was received.")
}

pub(crate) fn aborts(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let (mut client, _) = listener.accept()?;
    client.read_exact(&mut [0; 1])?;
    std::process::abort()
}

/// As in C, where SIGPIPE has its effect: the first answer to a client that is gone brings a reset,
/// and the second one the signal.
#[cfg(target_os = "linux")]
pub(crate) fn dies_of_a_broken_pipe(address: SocketAddr) -> io::Result<()> {
    crate::raw::as_in_c(crate::raw::SIGPIPE)?;
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut client, _) = listener.accept()?;
        let mut received = Vec::new();
        client.read_to_end(&mut received)?;
        // std asks the kernel not to send the signal; write(2) alone does not.
        rustix::io::write(&client, &received)?;
        rustix::io::write(&client, b"goodbye")?;
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn dies_of_a_broken_pipe(_address: SocketAddr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
