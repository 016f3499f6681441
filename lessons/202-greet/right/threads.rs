//! A thread for each client.

use std::io::Write;
use std::net::TcpListener;
use std::thread;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, caller) = listener.accept()?;
        thread::spawn(move || {
            if let Err(error) = write!(stream, "hello {caller}\r\n") {
                eprintln!("{caller}: {error}");
            }
        });
    }
}
