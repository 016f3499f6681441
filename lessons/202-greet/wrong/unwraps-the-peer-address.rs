//! fails: survives-a-reset
//! Asks the connection who is at its other end, and panics when nobody is any more.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let mut stream = stream?;
        let caller = stream.peer_addr().unwrap();
        let _ = stream.write_all(format!("hello {caller}\r\n").as_bytes());
    }
    Ok(())
}
