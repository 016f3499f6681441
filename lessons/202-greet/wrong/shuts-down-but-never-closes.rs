//! fails: leaks-no-descriptors
//! Ends each connection by shutdown, and keeps its descriptor.

use std::io::Write;
use std::net::{Shutdown, TcpListener};

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        let _ = stream.write_all(format!("hello {caller}\r\n").as_bytes());
        let _ = stream.shutdown(Shutdown::Both);
        std::mem::forget(stream);
    }
}
