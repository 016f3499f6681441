//! fails: senders-are-told-apart
//! also: a-vanished-sender
//! Remembers who sent first and sends every answer there.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    let (received, client) = socket.recv_from(&mut buffer)?;
    socket.send_to(&buffer[..received], client)?;
    loop {
        let (received, _) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..received], client)?;
    }
}
