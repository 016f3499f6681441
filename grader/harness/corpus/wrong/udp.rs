//! What goes wrong with datagrams.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

pub(crate) fn cuts_datagrams(address: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(address)?;
    let mut buffer = [0; 512];
    loop {
        let (count, from) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..count], from)?;
    }
}

pub(crate) fn answers_from_another_port(address: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(address)?;
    let mut buffer = vec![0; 65_536];
    loop {
        let (count, from) = socket.recv_from(&mut buffer)?;
        let another = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        another.send_to(&buffer[..count], from)?;
    }
}
