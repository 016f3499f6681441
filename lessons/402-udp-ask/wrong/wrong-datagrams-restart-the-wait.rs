//! fails: wrong-id
//! Gives each recv_from 200 ms: whatever comes starts the wait anew.

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
    let question = [&id, text.as_bytes()].concat();
    socket.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut buffer = [0; 16_000];
    for _ in 0..5 {
        socket.send_to(&question, server)?;
        while let Ok((received, sender)) = socket.recv_from(&mut buffer) {
            if sender == server && received >= 2 && buffer[..2] == id {
                io::stdout().write_all(&buffer[2..received])?;
                return Ok(());
            }
        }
    }
    eprintln!("no answer");
    std::process::exit(1);
}
