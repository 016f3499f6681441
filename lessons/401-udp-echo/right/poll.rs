//! A non-blocking socket and poll: takes all datagrams that are there, keeps them in a queue, and sends
//! the answers when the socket takes them.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

use rustix::event::{PollFd, PollFlags, poll};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let socket = UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    let mut answers = VecDeque::new();
    loop {
        let mut interest = PollFlags::IN;
        interest.set(PollFlags::OUT, !answers.is_empty());
        match poll(&mut [PollFd::new(&socket, interest)], None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        receive(&socket, &mut answers)?;
        send(&socket, &mut answers);
    }
}

fn receive(socket: &UdpSocket, answers: &mut VecDeque<(Vec<u8>, SocketAddr)>) -> io::Result<()> {
    let mut buffer = vec![0; 65_535];
    loop {
        match socket.recv_from(&mut buffer) {
            Ok((received, sender)) => answers.push_back((buffer[..received].to_vec(), sender)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn send(socket: &UdpSocket, answers: &mut VecDeque<(Vec<u8>, SocketAddr)>) {
    while let Some((answer, client)) = answers.front() {
        match socket.send_to(answer, client) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(error) => eprintln!("{client}: {error}"),
            Ok(_) => {}
        }
        answers.pop_front();
    }
}
