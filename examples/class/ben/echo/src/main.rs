use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let mut stream = stream?;
        // The largest message I tried was 100 bytes.
        let mut buffer = [0; 1024];
        let received = stream.read(&mut buffer)?;
        stream.write_all(&buffer[..received])?;
    }
    Ok(())
}
