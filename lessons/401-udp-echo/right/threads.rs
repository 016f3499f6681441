//! Four threads that share one socket: whoever is free takes the next datagram. Answers may overtake
//! each other.

use std::io;
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut buffer = vec![0; 65_535];
                loop {
                    if let Err(error) = echo(&socket, &mut buffer) {
                        eprintln!("{error}");
                    }
                }
            });
        }
    });
    Ok(())
}

fn echo(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<()> {
    let (received, sender) = socket.recv_from(buffer)?;
    socket.send_to(&buffer[..received], sender)?;
    Ok(())
}
