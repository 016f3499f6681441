//! fails: unreachable
//! Knows that a network can be unreachable; that a host can, too, it does not.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_default();
    let milliseconds = arguments.next().unwrap_or_default();
    let (Ok(address), Ok(milliseconds)) = (address.parse(), milliseconds.parse()) else {
        println!("error");
        return ExitCode::from(4);
    };
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
                ErrorKind::NetworkUnreachable => ("unreachable", 3),
                _ => ("error", 4),
            };
            println!("{word}");
            ExitCode::from(status)
        }
    }
}
