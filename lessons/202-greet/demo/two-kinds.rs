//! One socket listens, and each accept returns another one. What are their two ends?

use std::error::Error;
use std::net::{SocketAddr, TcpStream};

use rustix::fd::{AsRawFd, OwnedFd};
use rustix::net::{
    AddressFamily, SocketType, accept, bind, getpeername, getsockname, listen, socket,
};

fn main() -> Result<(), Box<dyn Error>> {
    let any_port: SocketAddr = "127.0.0.1:0".parse()?;
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&listener, &any_port)?;
    listen(&listener, 5)?;

    let address = SocketAddr::try_from(getsockname(&listener)?)?;
    let alice = TcpStream::connect(address)?;
    let bob = TcpStream::connect(address)?;
    println!("alice calls from {}", alice.local_addr()?);
    println!("bob   calls from {}", bob.local_addr()?);

    let first = accept(&listener)?;
    let second = accept(&listener)?;
    println!("                    descriptor  own end          other end");
    show("listener", &listener)?;
    show("the first accepted", &first)?;
    show("the second accepted", &second)?;
    Ok(())
}

fn show(name: &str, socket: &OwnedFd) -> Result<(), Box<dyn Error>> {
    let descriptor = socket.as_raw_fd();
    let own = SocketAddr::try_from(getsockname(socket)?)?;
    let other = match getpeername(socket) {
        Ok(Some(other)) => SocketAddr::try_from(other)?.to_string(),
        Ok(None) => "nobody".into(),
        Err(error) => error.to_string(),
    };
    println!("{name:19} {descriptor:10}  {own:16} {other}");
    Ok(())
}
