//! Ends its sending half first, and closes when the client has closed: then no reset can overtake the
//! greeting, whatever the client may have sent.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, caller) = listener.accept()?;
        if let Err(error) = greet(stream, caller) {
            eprintln!("{caller}: {error}");
        }
    }
}

fn greet(mut stream: TcpStream, caller: SocketAddr) -> std::io::Result<()> {
    stream.write_all(format!("hello {caller}\r\n").as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    while stream.read(&mut [0; 512])? > 0 {}
    Ok(())
}
