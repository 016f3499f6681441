//! Connects to ADDRESS without blocking, and asks what has become of it.

use std::error::Error;
use std::net::SocketAddr;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;
use rustix::net::sockopt::socket_error;
use rustix::net::{AddressFamily, SocketType, connect, socket};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .ok_or("usage: does-not-wait ADDRESS")?;
    let address: SocketAddr = address.parse()?;

    let connection = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    ioctl_fionbio(&connection, true)?;
    println!("connect says   {:?}", connect(&connection, &address));
    let one_second = Timespec {
        tv_sec: 1,
        tv_nsec: 0,
    };
    let mut waiting = [PollFd::new(&connection, PollFlags::OUT)];
    let ready = poll(&mut waiting, Some(&one_second))?;
    println!("poll says      {ready} ready, {:?}", waiting[0].revents());
    println!("SO_ERROR says  {:?}", socket_error(&connection)?);
    Ok(())
}
