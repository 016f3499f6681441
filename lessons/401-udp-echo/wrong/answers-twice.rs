//! fails: boundaries-are-kept
//! also: empty-datagram, senders-are-told-apart
//! Sends each answer a second time, since a datagram might get lost.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        for _ in 0..2 {
            socket.send_to(&buffer[..received], sender)?;
        }
    }
}
