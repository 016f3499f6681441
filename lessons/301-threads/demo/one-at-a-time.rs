//! An echo server for one client at a time: a loop around accept.

use std::io;
use std::net::TcpListener;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (connection, client) = listener.accept()?;
        println!("{client} is served");
        // Receives and sends until the end.
        io::copy(&mut &connection, &mut &connection)?;
        println!("{client} has left");
    }
}
