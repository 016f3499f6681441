//! fails: largest-datagram
//! Has a buffer of 1024 bytes, which was always enough for TCP: what does not fit is lost.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = [0; 1024];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..received], sender)?;
    }
}
