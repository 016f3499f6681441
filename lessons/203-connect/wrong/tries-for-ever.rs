//! fails: timeout
//! Gives the server one more chance, each of TIMEOUT_MS, again and again.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

fn connect(address: &std::net::SocketAddr, timeout: Duration) -> std::io::Result<TcpStream> {
    loop {
        match TcpStream::connect_timeout(address, timeout) {
            Err(error) if error.kind() == ErrorKind::TimedOut => {}
            decided => return decided,
        }
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_default();
    let milliseconds = arguments.next().unwrap_or_default();
    let (Ok(address), Ok(milliseconds)) = (address.parse(), milliseconds.parse()) else {
        println!("error");
        return ExitCode::from(4);
    };
    match connect(&address, Duration::from_millis(milliseconds)) {
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
