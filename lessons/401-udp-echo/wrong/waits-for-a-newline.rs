//! fails: one-datagram
//! also: boundaries-are-kept, empty-datagram, largest-datagram, senders-are-told-apart, answers-from-its-own-port, a-vanished-sender, ipv6
//! Collects until a newline comes, as one does over TCP: here no datagram ends with one.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut line = Vec::new();
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        line.extend_from_slice(&buffer[..received]);
        if line.ends_with(b"\n") {
            socket.send_to(&line, sender)?;
            line.clear();
        }
    }
}
