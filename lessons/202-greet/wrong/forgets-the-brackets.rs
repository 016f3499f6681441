//! fails: ipv6
//! Puts IP address and port together by hand: hello ::1:51234.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        let _ = stream.write_all(format!("hello {}:{}\r\n", caller.ip(), caller.port()).as_bytes());
    }
}
