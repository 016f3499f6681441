//! A client that goes on: it sends a message every second, and prints what comes back.

#![expect(
    clippy::disallowed_methods,
    reason = "a second between two messages is what it shows"
)]

use std::error::Error;
use std::net::SocketAddr;
use std::thread::sleep;
use std::time::Duration;

use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, connect, recv, send, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("no address")?;
    let address: SocketAddr = address.parse()?;
    let connection = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    connect(&connection, &address)?;

    let mut buffer = [0; 4096];
    for number in 1.. {
        let message = format!("message {number}");
        send(&connection, message.as_bytes(), SendFlags::NOSIGNAL)?;
        println!("sent: {message}");
        let (received, _) = recv(&connection, &mut buffer[..], RecvFlags::empty())?;
        if received == 0 {
            println!("the server has ended the connection");
            break;
        }
        println!("came: {}", buffer[..received].escape_ascii());
        sleep(Duration::from_secs(1));
    }
    Ok(())
}
