//! fails: asks
//! also: asks-again, same-id-on-retry, wrong-id, wrong-sender, late-duplicate, empty-answer, random-ids, gives-up
//! Connects over TCP, where nobody listens.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(server), Some(text)) = (args.next(), args.next()) else {
        return Err(io::Error::other("usage: udp-ask ADDRESS TEXT"));
    };
    let server: SocketAddr = server.parse().map_err(io::Error::other)?;
    let mut connection = TcpStream::connect(server)?;
    let id = fastrand::u16(..).to_be_bytes();
    connection.write_all(&[&id, text.as_bytes()].concat())?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer)?;
    io::stdout().write_all(answer.get(2..).unwrap_or_default())
}
