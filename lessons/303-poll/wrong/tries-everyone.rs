//! fails: idles-when-idle
//! Non-blocking sockets, and a loop that tries each of them again and again.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
}

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            clients.push(Client {
                stream,
                unsent: Vec::new(),
            });
        }
        clients.retain_mut(|client| stays(client.go_on()));
    }
}

fn stays(done: io::Result<bool>) -> bool {
    match done {
        Ok(more) => more,
        Err(error) => error.kind() == ErrorKind::WouldBlock,
    }
}

impl Client {
    fn go_on(&mut self) -> io::Result<bool> {
        if self.unsent.is_empty() {
            let mut buffer = [0; 16 * 1024];
            let received = self.stream.read(&mut buffer)?;
            if received == 0 {
                return Ok(false);
            }
            self.unsent.extend_from_slice(&buffer[..received]);
        }
        let sent = self.stream.write(&self.unsent)?;
        self.unsent.drain(..sent);
        Ok(true)
    }
}
