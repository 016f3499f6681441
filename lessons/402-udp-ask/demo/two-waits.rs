//! Somebody sends every 150 ms. Waits for 200 ms in two ways.

#![expect(
    clippy::disallowed_methods,
    reason = "somebody who sends from time to time"
)]

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

const WAIT: Duration = Duration::from_millis(200);

fn main() -> io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let address = socket.local_addr()?;

    nag(address)?;
    let start = Instant::now();
    socket.set_read_timeout(Some(WAIT))?;
    while socket.recv_from(&mut [0; 100]).is_ok() {}
    println!(
        "200 ms for each recv_from:  {:4} ms",
        start.elapsed().as_millis()
    );

    nag(address)?;
    let start = Instant::now();
    loop {
        let left = WAIT.saturating_sub(start.elapsed());
        if left.is_zero() {
            break;
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(&mut [0; 100]) {
            Ok(_) => println!(
                "   something came after  {:4} ms",
                start.elapsed().as_millis()
            ),
            Err(error) => println!("   {:?}: {error}", error.kind()),
        }
    }
    println!(
        "200 ms for all of them:     {:4} ms",
        start.elapsed().as_millis()
    );
    Ok(())
}

/// Sends six times, a while before each.
fn nag(address: SocketAddr) -> io::Result<()> {
    let somebody = UdpSocket::bind("127.0.0.1:0")?;
    thread::spawn(move || {
        for _ in 0..6 {
            thread::sleep(Duration::from_millis(150));
            if let Err(error) = somebody.send_to(b"buy now!", address) {
                eprintln!("{error}");
            }
        }
    });
    Ok(())
}
