//! What goes wrong until the first byte is received.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use rustix::net::{AddressFamily, SocketType, bind, socket};

/// Waits for something that never comes.
fn wait() -> io::Result<()> {
    io::stdin().read_to_end(&mut Vec::new()).map(drop)
}

/// Sends everything back until the client has ended its sending half.
pub(crate) fn echo(mut client: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        match client.read(&mut buffer)? {
            0 => return Ok(()),
            count => client.write_all(&buffer[..count])?,
        }
    }
}

pub(crate) fn never_listens(address: SocketAddr) -> io::Result<()> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&socket, &address)?;
    wait()
}

pub(crate) fn listens_elsewhere(_address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    loop {
        echo(listener.accept()?.0)?;
    }
}

pub(crate) fn waits_before_accept(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    wait()?;
    echo(listener.accept()?.0)
}

pub(crate) fn never_receives(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let mut clients = Vec::new();
    loop {
        clients.push(listener.accept()?);
    }
}

pub(crate) fn receives_once(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let mut clients = Vec::new();
    loop {
        let (mut client, _) = listener.accept()?;
        let mut buffer = [0; 4096];
        let count = client.read(&mut buffer)?;
        client.write_all(&buffer[..count])?;
        clients.push(client);
    }
}

pub(crate) fn busy_with_the_first(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    loop {
        echo(listener.accept()?.0)?;
    }
}
