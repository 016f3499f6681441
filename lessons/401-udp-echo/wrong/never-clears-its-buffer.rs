//! fails: boundaries-are-kept
//! also: empty-datagram, senders-are-told-apart, a-vanished-sender
//! Appends each datagram to those before it, as one does with the pieces of a stream.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut message = Vec::new();
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        message.extend_from_slice(&buffer[..received]);
        socket.send_to(&message, sender)?;
    }
}
