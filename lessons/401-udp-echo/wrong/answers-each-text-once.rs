//! fails: boundaries-are-kept
//! Takes a datagram with the same bytes as the one before for a duplicate that the network has made.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut last = None;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        let datagram = buffer[..received].to_vec();
        if last.as_ref() == Some(&(datagram.clone(), sender)) {
            continue;
        }
        socket.send_to(&datagram, sender)?;
        last = Some((datagram, sender));
    }
}
