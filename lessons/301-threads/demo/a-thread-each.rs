//! An echo server with a thread for each client.

use std::io;
use std::net::TcpListener;
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (connection, client) = listener.accept()?;
        println!("{client} is served");
        thread::spawn(move || {
            let ended = io::copy(&mut &connection, &mut &connection);
            println!("{client} has left: {ended:?}");
        });
    }
}
