//! The three verbs, and after each of them: which address has the socket, and can a client connect?

use std::error::Error;
use std::net::{SocketAddr, TcpStream};

use rustix::fd::OwnedFd;
use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let any_port: SocketAddr = "127.0.0.1:0".parse()?;

    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    try_to_connect("socket", &listener)?;

    bind(&listener, &any_port)?;
    try_to_connect("bind", &listener)?;

    listen(&listener, 5)?;
    try_to_connect("listen", &listener)?;
    Ok(())
}

fn try_to_connect(verb: &str, listener: &OwnedFd) -> Result<(), Box<dyn Error>> {
    let address = SocketAddr::try_from(getsockname(listener)?)?;
    match TcpStream::connect(address) {
        Ok(_) => println!("after {verb:7} {address:16} a client is connected"),
        Err(error) => println!("after {verb:7} {address:16} {error}"),
    }
    Ok(())
}
