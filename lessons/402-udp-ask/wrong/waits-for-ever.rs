//! fails: asks-again
//! also: same-id-on-retry, gives-up, wrong-id, wrong-sender, late-duplicate
//! Asks once and waits for the answer without a limit: datagrams do not get lost on one machine.

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(server), Some(text)) = (args.next(), args.next()) else {
        return Err(io::Error::other("usage: udp-ask ADDRESS TEXT"));
    };
    let server: SocketAddr = server.parse().map_err(io::Error::other)?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let id = fastrand::u16(..).to_be_bytes();
    socket.send_to(&[&id, text.as_bytes()].concat(), server)?;
    let mut buffer = [0; 16_000];
    loop {
        let (received, sender) = socket.recv_from(&mut buffer)?;
        if sender == server && received >= 2 && buffer[..2] == id {
            return io::stdout().write_all(&buffer[2..received]);
        }
    }
}
