//! The 16 bytes of a struct sockaddr_in: what bind and connect hand to the kernel (`man 7 ip`).

use std::net::{AddrParseError, SocketAddrV4};

/// The number of the family IPv4, on Linux.
const AF_INET: u16 = 2;

fn main() -> Result<(), AddrParseError> {
    let text = std::env::args().nth(1);
    let address: SocketAddrV4 = text.as_deref().unwrap_or("127.0.0.1:8080").parse()?;

    let mut bytes = Vec::new();
    bytes.extend(AF_INET.to_ne_bytes()); // sin_family: a number as this machine keeps it
    bytes.extend(address.port().to_be_bytes()); // sin_port: in network byte order
    bytes.extend(address.ip().octets()); // sin_addr: in network byte order
    bytes.extend([0; 8]); // sin_zero: means nothing

    for byte in &bytes {
        print!("{byte:02x} ");
    }
    println!();
    Ok(())
}
