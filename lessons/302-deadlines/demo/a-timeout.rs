//! Receives from one client; each recv waits for three seconds at most.

use std::io::{self, Read};
use std::net::TcpListener;
use std::time::{Duration, Instant};

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:9000")?;
    let (mut connection, _) = listener.accept()?;
    let start = Instant::now();
    connection.set_read_timeout(Some(Duration::from_secs(3)))?;
    let mut buffer = [0; 4096];
    loop {
        let received = connection.read(&mut buffer);
        let passed = start.elapsed().as_millis();
        match received {
            Ok(0) => return Ok(()),
            Ok(received) => println!("{passed:5} ms: recv returned {received}"),
            Err(error) => {
                println!("{passed:5} ms: {:?}, {error}", error.kind());
                return Ok(());
            }
        }
    }
}
