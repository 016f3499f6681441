//! fails: anything-else
//! Reads the port as a larger number and cuts it down to 16 bits: port 65536 becomes port 0.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_default();
    let milliseconds = arguments.next().unwrap_or_default();
    let (ip, port) = address.rsplit_once(':').unwrap_or_default();
    let ip = ip.trim_matches(['[', ']']).parse();
    let (Ok(ip), Ok(port)) = (ip, port.parse::<u32>()) else {
        println!("error");
        return ExitCode::from(4);
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "that is what is wrong here"
    )]
    let port = port as u16;
    let address = SocketAddr::new(ip, port);
    let milliseconds = milliseconds.parse().unwrap_or(1000);
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
