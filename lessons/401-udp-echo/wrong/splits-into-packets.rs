//! fails: largest-datagram
//! also: empty-datagram
//! Sends no more than fits into an Ethernet frame at a time. (An empty slice has no chunks.)

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        for packet in buffer[..received].chunks(1472) {
            socket.send_to(packet, sender)?;
        }
    }
}
