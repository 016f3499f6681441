//! fails: asks-again
//! also: same-id-on-retry, gives-up, wrong-id, wrong-sender, late-duplicate
//! Asks once. If no answer comes in time, it gives up.

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(server), Some(text)) = (args.next(), args.next()) else {
        return Err(io::Error::other("usage: udp-ask ADDRESS TEXT"));
    };
    let server: SocketAddr = server.parse().map_err(io::Error::other)?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let id = fastrand::u16(..).to_be_bytes();
    socket.send_to(&[&id, text.as_bytes()].concat(), server)?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    let mut buffer = [0; 16_000];
    while let Ok((received, sender)) = socket.recv_from(&mut buffer) {
        if sender == server && received >= 2 && buffer[..2] == id {
            return io::stdout().write_all(&buffer[2..received]);
        }
    }
    eprintln!("no answer");
    std::process::exit(1);
}
