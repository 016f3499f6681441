//! fails: refused
//! also: timeout, unreachable
//! Has one word for whatever goes wrong.

use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

fn connection() -> Result<TcpStream, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let address: SocketAddr = arguments[1].parse()?;
    let timeout = Duration::from_millis(arguments[2].parse()?);
    Ok(TcpStream::connect_timeout(&address, timeout)?)
}

fn main() -> ExitCode {
    match connection() {
        Ok(stream) => {
            let (local, remote) = (stream.local_addr(), stream.peer_addr());
            println!("connected {} > {}", local.unwrap(), remote.unwrap());
            ExitCode::SUCCESS
        }
        Err(_) => {
            println!("error");
            ExitCode::from(4)
        }
    }
}
