//! fails: one-datagram
//! also: boundaries-are-kept, empty-datagram, largest-datagram, senders-are-told-apart, answers-from-its-own-port, a-vanished-sender, ipv6
//! Binds as a client does, to port 0: the kernel picks a port that nobody knows.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..received], sender)?;
    }
}
