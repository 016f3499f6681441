//! TCP keeps the bytes and their order, and forgets how they were sent.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut alice = TcpStream::connect(listener.local_addr()?)?;
    let (mut bob, _) = listener.accept()?;
    // Each send goes out at once, as a segment of its own.
    alice.set_nodelay(true)?;

    let mut buffer = [0; 100];
    for word in ["one", "two", "three"] {
        alice.write_all(word.as_bytes())?;
    }
    let received = bob.read(&mut buffer)?;
    println!("three sends, one recv:   {received} bytes");

    alice.write_all(&[b'x'; 150])?;
    let first = bob.read(&mut buffer)?;
    let second = bob.read(&mut buffer)?;
    println!("one send, two recvs:     {first} bytes, then {second}");
    Ok(())
}
