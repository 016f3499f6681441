//! fails: random-ids
//! Has an id that is written in the program: 4711.

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(server), Some(text)) = (args.next(), args.next()) else {
        return Err(io::Error::other("usage: udp-ask ADDRESS TEXT"));
    };
    let server: SocketAddr = server.parse().map_err(io::Error::other)?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let id = 4711_u16.to_be_bytes();
    let question = [&id, text.as_bytes()].concat();
    let mut buffer = [0; 16_000];
    for _ in 0..5 {
        socket.send_to(&question, server)?;
        let deadline = Instant::now() + Duration::from_millis(200);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left))?;
            let Ok((received, sender)) = socket.recv_from(&mut buffer) else {
                continue;
            };
            if sender == server && received >= 2 && buffer[..2] == id {
                io::stdout().write_all(&buffer[2..received])?;
                return Ok(());
            }
        }
    }
    eprintln!("no answer");
    std::process::exit(1);
}
