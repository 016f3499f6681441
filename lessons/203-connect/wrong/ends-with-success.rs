//! fails: refused
//! also: timeout, unreachable, anything-else
//! Says what went wrong and ends as if nothing had.

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
        return ExitCode::SUCCESS;
    };
    match TcpStream::connect_timeout(&address, Duration::from_millis(milliseconds)) {
        Ok(connection) => {
            let (Ok(local), Ok(remote)) = (connection.local_addr(), connection.peer_addr()) else {
                println!("error");
                return ExitCode::SUCCESS;
            };
            println!("connected {local} > {remote}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!(
                "{}",
                match error.kind() {
                    ErrorKind::ConnectionRefused => "refused",
                    ErrorKind::TimedOut => "timeout",
                    ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => "unreachable",
                    _ => "error",
                }
            );
            ExitCode::SUCCESS
        }
    }
}
