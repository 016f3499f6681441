//! One client, one message, and all the verbs of a server, as std says them.

use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:9000")?;
    let (mut connection, _) = listener.accept()?;
    let mut buffer = [0; 100];
    let received = connection.read(&mut buffer)?;
    connection.write_all(&buffer[..received])
}
