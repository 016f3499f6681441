//! A server that sends back whatever one client sends, until that client ends.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, accept, bind, listen, recv, send, socket,
};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .ok_or("usage: keep-echoing ADDRESS")?;
    let address: SocketAddr = address.parse()?;
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, 128)?;
    println!("listening on {address}");

    let connection = accept(&listener)?;
    let mut buffer = [0; 4096];
    loop {
        let (received, _) = recv(&connection, &mut buffer[..], RecvFlags::empty())?;
        println!("recv returned {received}");
        if received == 0 {
            return Ok(());
        }
        send(&connection, &buffer[..received], SendFlags::NOSIGNAL)?;
    }
}
