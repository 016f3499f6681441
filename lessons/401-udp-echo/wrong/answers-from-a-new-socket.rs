//! fails: answers-from-its-own-port
//! Opens a socket for each answer, as if the one that receives could not send.

use std::net::{SocketAddr, UdpSocket};

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let address: SocketAddr = address.parse().expect("an address");
    let receiver = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let (received, client) = receiver.recv_from(&mut buffer)?;
        let sender = UdpSocket::bind((address.ip(), 0))?;
        sender.send_to(&buffer[..received], client)?;
    }
}
