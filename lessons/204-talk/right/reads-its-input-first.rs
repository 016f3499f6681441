//! Reads all of its input, and then sends it in one piece: nobody has said when it must be sent.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let mut stream = TcpStream::connect(address)?;
    let mut sending = stream.try_clone()?;
    let sender = thread::spawn(move || {
        let mut input = Vec::new();
        io::stdin().read_to_end(&mut input)?;
        sending.write_all(&input)?;
        sending.shutdown(Shutdown::Write)
    });
    let mut buffer = [0; 1000];
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            break;
        }
        io::stdout().write_all(&buffer[..received])?;
        io::stdout().flush()?;
    }
    sender.join().expect("it does not panic")
}
