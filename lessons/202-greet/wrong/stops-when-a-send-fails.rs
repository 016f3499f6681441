//! fails: survives-a-reset
//! Leaves main with the first error, though only one client's connection is lost.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        stream.write_all(format!("hello {caller}\r\n").as_bytes())?;
    }
}
