//! fails: a-vanished-sender
//! also: senders-are-told-apart
//! Connects to each sender for its answer and disconnects after it. While it is connected the kernel
//! drops what others send, and the ICMP error that comes back becomes the next recvfrom's.

use std::net::SocketAddr;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, bind, connect, connect_unspec, recvfrom, send,
    socket,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address: SocketAddr = std::env::args().nth(1).ok_or("an address")?.parse()?;
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let socket = socket(family, SocketType::DGRAM, None)?;
    bind(&socket, &address)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, _, sender) = recvfrom(&socket, &mut buffer[..], RecvFlags::empty())?;
        connect(&socket, &sender.ok_or("no sender")?)?;
        send(&socket, &buffer[..received], SendFlags::empty())?;
        connect_unspec(&socket)?;
    }
}
