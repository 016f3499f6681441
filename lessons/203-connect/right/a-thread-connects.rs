//! Another thread connects, and the main thread waits for its word; at the end of main, whoever still
//! waits ends with the process.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

fn main() -> ExitCode {
    let (word, status) = match connected() {
        Ok(line) => (line, 0),
        Err(error) => match error.kind() {
            ErrorKind::ConnectionRefused => ("refused".into(), 1),
            ErrorKind::TimedOut => ("timeout".into(), 2),
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => ("unreachable".into(), 3),
            _ => ("error".into(), 4),
        },
    };
    println!("{word}");
    ExitCode::from(status)
}

fn connected() -> io::Result<String> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_default();
    let address: SocketAddr = address.parse().map_err(io::Error::other)?;
    let timeout = arguments.next().unwrap_or_default();
    let timeout = timeout.parse().map_err(io::Error::other)?;

    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(TcpStream::connect(address)));
    let stream = match told.recv_timeout(Duration::from_millis(timeout)) {
        Ok(decided) => decided?,
        Err(_) => return Err(ErrorKind::TimedOut.into()),
    };
    let (local, remote) = (stream.local_addr()?, stream.peer_addr()?);
    Ok(format!("connected {local} > {remote}"))
}
