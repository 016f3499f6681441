//! fails: survives-a-reset
//! Has a thread for each client, and passes its panic on to main by join().unwrap().

use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (mut stream, _) = listener.accept()?;
        let client = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let received = stream.read(&mut buffer).expect("the client is there");
                if received == 0 {
                    return;
                }
                stream
                    .write_all(&buffer[..received])
                    .expect("the client is there");
            }
        });
        client.join().unwrap();
    }
}
