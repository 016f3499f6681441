//! fails: greets
//! also: names-the-caller, closes-after-the-greeting, one-after-another, speaks-first, leaks-no-descriptors, survives-a-reset, ipv6
//! Sends the text without the two bytes that end a line.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        let _ = stream.write_all(format!("hello {caller}").as_bytes());
    }
}
