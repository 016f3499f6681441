//! fails: greets
//! Ends the line with \n alone.

use std::io::Write;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        let _ = stream.write_all(format!("hello {caller}\n").as_bytes());
    }
}
