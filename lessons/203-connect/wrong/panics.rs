//! fails: refused
//! also: timeout, unreachable, anything-else
//! Unwraps what connect returns: whatever goes wrong is a panic, with status 101.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let address: SocketAddr = arguments[1].parse().expect("a bad address");
    let timeout = Duration::from_millis(arguments[2].parse().expect("a bad timeout"));
    let stream = TcpStream::connect_timeout(&address, timeout).expect("cannot connect");
    let (local, remote) = (stream.local_addr().unwrap(), stream.peer_addr().unwrap());
    println!("connected {local} > {remote}");
}
