//! fails: asks
//! Takes the answer for text, and panics where it is not UTF-8.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(server), Some(text)) = (args.next(), args.next()) else {
        return Err(io::Error::other("usage: udp-ask ADDRESS TEXT"));
    };
    let server: SocketAddr = server.parse().map_err(io::Error::other)?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let id = fastrand::u16(..).to_be_bytes();
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
                println!("{}", std::str::from_utf8(&buffer[2..received]).unwrap());
                return Ok(());
            }
        }
    }
    eprintln!("no answer");
    std::process::exit(1);
}
