//! fails: one-datagram
//! also: boundaries-are-kept, empty-datagram, largest-datagram, senders-are-told-apart, answers-from-its-own-port, a-vanished-sender, ipv6
//! Is the TCP echo server of lesson 205.

use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        let mut answers = stream.try_clone()?;
        std::io::copy(&mut stream, &mut answers)?;
    }
}
