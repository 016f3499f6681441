//! fails: one-after-another
//! also: names-the-caller, speaks-first, leaks-no-descriptors, survives-a-reset
//! Accepts once, greets, and comes to the end of main.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let (mut stream, caller) = listener.accept()?;
    stream.write_all(format!("hello {caller}\r\n").as_bytes())
}
