//! fails: names-the-caller
//! also: ipv6
//! Names its own end of the connection: local_addr (getsockname) where peer_addr is due.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let mut stream = stream?;
        let caller = stream.local_addr()?;
        // A client may have gone already.
        let _ = stream.write_all(format!("hello {caller}\r\n").as_bytes());
    }
    Ok(())
}
