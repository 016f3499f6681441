//! fails: boundaries-are-kept
//! Takes what comes for text.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        let message = String::from_utf8_lossy(&buffer[..received]);
        socket.send_to(message.as_bytes(), sender)?;
    }
}
