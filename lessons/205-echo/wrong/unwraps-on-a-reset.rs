//! fails: survives-a-reset
//! Takes an error of recv for something that cannot happen.

use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        let mut buffer = [0; 4096];
        loop {
            let received = stream.read(&mut buffer).unwrap();
            if received == 0 {
                break;
            }
            stream.write_all(&buffer[..received]).unwrap();
        }
    }
}
