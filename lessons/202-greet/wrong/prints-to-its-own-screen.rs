//! fails: greets
//! also: names-the-caller, closes-after-the-greeting, one-after-another, speaks-first, leaks-no-descriptors, survives-a-reset, ipv6
//! Prints the greeting on its own standard output: the client gets nothing.

use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (_stream, caller) = listener.accept()?;
        print!("hello {caller}\r\n");
    }
}
