//! fails: leaks-no-descriptors
//! Ends each connection by shutdown and keeps a copy of it "for later": a copy is a descriptor, too.

use std::collections::HashMap;
use std::io::Write;
use std::net::{Shutdown, TcpListener};

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let mut guests = HashMap::new();
    loop {
        let (mut stream, caller) = listener.accept()?;
        guests.insert(caller, stream.try_clone()?);
        let _ = stream.write_all(format!("hello {caller}\r\n").as_bytes());
        let _ = stream.shutdown(Shutdown::Write);
    }
}
