//! fails: backlog-is-passed-on
//! Lets TcpListener do all three: that chooses a backlog of its own.

use std::io;
use std::net::TcpListener;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
