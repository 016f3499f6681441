//! Non-blocking, with options set; a thread of its own reads the input; the line is one write.

use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;

use rustix::fd::OwnedFd;
use rustix::net::sockopt::{set_ipv6_v6only, set_socket_reuseaddr};
use rustix::net::{
    AddressFamily, SocketFlags, SocketType, bind, getsockname, ipproto, listen, socket_with,
};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_default();
    let backlog = arguments.next().unwrap_or_else(|| "4096".into());
    let (Ok(address), Ok(backlog)) = (address.parse(), backlog.parse()) else {
        eprintln!("usage: listen ADDRESS [BACKLOG]");
        return ExitCode::from(2);
    };
    let (listener, address) = match open(address, backlog) {
        Ok(open) => open,
        Err(error) => {
            eprintln!("listen: {address}: {error}");
            return ExitCode::from(1);
        }
    };
    let line = format!("listening on {address}\n");
    if rustix::io::write(rustix::stdio::stdout(), line.as_bytes()) != Ok(line.len()) {
        return ExitCode::from(3);
    }
    let input = thread::spawn(|| io::stdin().lock().bytes().take_while(Result::is_ok).count());
    let _bytes = input.join();
    drop(listener);
    ExitCode::SUCCESS
}

fn open(address: SocketAddr, backlog: i32) -> rustix::io::Result<(OwnedFd, SocketAddr)> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let listener = socket_with(family, SocketType::STREAM, flags, Some(ipproto::TCP))?;
    set_socket_reuseaddr(&listener, true)?;
    if address.is_ipv6() {
        set_ipv6_v6only(&listener, true)?;
    }
    bind(&listener, &address)?;
    listen(&listener, backlog)?;
    let address = getsockname(&listener)?.try_into()?;
    Ok((listener, address))
}
