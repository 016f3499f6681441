//! fails: empty-datagram
//! Takes an empty datagram for nothing, and goes on without an answer.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        if received == 0 {
            continue;
        }
        socket.send_to(&buffer[..received], sender)?;
    }
}
