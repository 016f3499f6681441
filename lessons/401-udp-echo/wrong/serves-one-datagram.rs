//! fails: boundaries-are-kept
//! also: empty-datagram, senders-are-told-apart, a-vanished-sender
//! Answers once and ends: there is no loop.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    let (received, sender) = socket.recv_from(&mut buffer)?;
    socket.send_to(&buffer[..received], sender)?;
    Ok(())
}
