//! fails: senders-are-told-apart
//! also: a-vanished-sender
//! Connects to whoever sends first, so that recv and send do, as over TCP.

use std::net::UdpSocket;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_535];
    let (received, client) = socket.recv_from(&mut buffer)?;
    socket.connect(client)?;
    socket.send(&buffer[..received])?;
    loop {
        let received = socket.recv(&mut buffer)?;
        socket.send(&buffer[..received])?;
    }
}
