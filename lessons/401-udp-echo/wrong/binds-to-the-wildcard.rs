//! fails: answers-from-its-own-port
//! also: ipv6
//! Takes the port from its argument and binds to all addresses of the machine.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let (_, port) = address.rsplit_once(':').expect("a port");
    let socket = UdpSocket::bind(format!("0.0.0.0:{port}"))?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..received], sender)?;
    }
}
