//! fails: anything-else
//! Unwraps what parse returns: a mistyped address is a panic.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let address = arguments[1].parse().unwrap();
    let milliseconds = arguments[2].parse().unwrap();
    match TcpStream::connect_timeout(&address, Duration::from_millis(milliseconds)) {
        Ok(connection) => {
            let (Ok(local), Ok(remote)) = (connection.local_addr(), connection.peer_addr()) else {
                println!("error");
                return ExitCode::from(4);
            };
            println!("connected {local} > {remote}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let (word, status) = match error.kind() {
                ErrorKind::ConnectionRefused => ("refused", 1),
                ErrorKind::TimedOut => ("timeout", 2),
                ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => ("unreachable", 3),
                _ => ("error", 4),
            };
            println!("{word}");
            ExitCode::from(status)
        }
    }
}
