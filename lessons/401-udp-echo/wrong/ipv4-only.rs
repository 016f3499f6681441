//! fails: ipv6
//! Understands IPv4 addresses only.

use std::net::{SocketAddrV4, UdpSocket};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address: SocketAddrV4 = std::env::args().nth(1).ok_or("an address")?.parse()?;
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..received], sender)?;
    }
}
