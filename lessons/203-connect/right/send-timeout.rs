//! A blocking connect with SO_SNDTIMEO, which limits it, too; its error is then EINPROGRESS
//! (`man 7 socket`).

use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, SocketType, connect, socket};

fn connection() -> Result<TcpStream, Errno> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_default();
    let address: SocketAddr = address.parse().map_err(|_| Errno::INVAL)?;
    let timeout = arguments.next().unwrap_or_default();
    let timeout = timeout.parse().map_err(|_| Errno::INVAL)?;
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let connection = socket(family, SocketType::STREAM, None)?;
    let timeout = Some(Duration::from_millis(timeout));
    set_socket_timeout(&connection, Timeout::Send, timeout)?;
    connect(&connection, &address)?;
    Ok(connection.into())
}

fn main() -> ExitCode {
    let (word, status) = match connection() {
        Ok(stream) => {
            let (local, remote) = (stream.local_addr().unwrap(), stream.peer_addr().unwrap());
            println!("connected {local} > {remote}");
            return ExitCode::SUCCESS;
        }
        Err(Errno::CONNREFUSED) => ("refused", 1),
        Err(Errno::TIMEDOUT | Errno::INPROGRESS | Errno::AGAIN) => ("timeout", 2),
        Err(Errno::NETUNREACH | Errno::HOSTUNREACH) => ("unreachable", 3),
        Err(_) => ("error", 4),
    };
    println!("{word}");
    ExitCode::from(status)
}
