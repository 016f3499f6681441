//! Looks every now and then whether its input has ended, so that it is never quite at rest.

use std::error::Error;
use std::io::{self, Read as _};
use std::net::SocketAddr;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments.next().ok_or("an address is missing")?.parse()?;
    let backlog = arguments.next().map_or(Ok(1), |number| number.parse())?;
    let family = if address.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let listener = socket(family, SocketType::STREAM, None)?;
    bind(&listener, &address)?;
    listen(&listener, backlog)?;
    println!(
        "listening on {}",
        SocketAddr::try_from(getsockname(&listener)?)?
    );
    while !input_has_ended()? {}
    Ok(())
}

fn input_has_ended() -> io::Result<bool> {
    const A_TENTH: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 100_000_000,
    };
    let mut input = io::stdin();
    let mut fds = [PollFd::new(&input, PollFlags::IN)];
    poll(&mut fds, Some(&A_TENTH))?;
    let ready = !fds[0].revents().is_empty();
    Ok(ready && input.read(&mut [0; 16])? == 0)
}
