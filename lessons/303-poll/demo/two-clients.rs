//! Two clients, one thread: poll says which of them has sent something.

use std::io::{self, Read};
use std::net::TcpListener;

use rustix::event::{PollFd, PollFlags, poll};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let (first, _) = listener.accept()?;
    let (second, _) = listener.accept()?;
    println!("two clients are there");
    let mut clients = [first, second];
    loop {
        let mut fds = Vec::new();
        for client in &clients {
            fds.push(PollFd::new(client, PollFlags::IN));
        }
        // Sleeps until something has come from one of them, or from both.
        poll(&mut fds, None)?;
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();

        for number in 0..clients.len() {
            if ready[number] {
                let mut buffer = [0; 4096];
                let received = clients[number].read(&mut buffer)?;
                println!("client {number}: {received} bytes");
                if received == 0 {
                    return Ok(());
                }
            }
        }
    }
}
