//! Two clients in one program. The first connects and says nothing; the second connects and speaks.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let first = TcpStream::connect(&address)?;
    println!("the first is connected and says nothing");

    let mut second = TcpStream::connect(&address)?;
    second.write_all(b"hello\n")?;
    println!("the second is connected and has sent a word");

    let mut answer = [0; 6];
    second.set_read_timeout(Some(Duration::from_secs(2)))?;
    match second.read_exact(&mut answer) {
        Ok(()) => println!("the second is answered"),
        Err(error) if error.kind() == ErrorKind::WouldBlock => {
            println!("no answer for two seconds; now the first leaves");
            drop(first);
            second.read_exact(&mut answer)?;
            println!("the second is answered");
        }
        Err(error) => return Err(error),
    }
    Ok(())
}
