//! fails: one-datagram
//! also: boundaries-are-kept, empty-datagram, largest-datagram, senders-are-told-apart, answers-from-its-own-port, a-vanished-sender, ipv6
//! Sends its whole buffer, whatever recvfrom has put into it.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    loop {
        let mut buffer = [0; 2048];
        let (_, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer, sender)?;
    }
}
