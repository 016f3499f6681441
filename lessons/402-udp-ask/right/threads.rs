//! A thread receives and hands on what is an answer; the other asks, and waits for the thread.

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

fn main() -> io::Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    let (Some(server), Some(text)) = (args.next(), args.next()) else {
        return Err(io::Error::other("usage: udp-ask ADDRESS TEXT"));
    };
    let server: SocketAddr = server.parse().map_err(io::Error::other)?;
    let any = if server.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let socket = UdpSocket::bind(any)?;
    let id = fastrand::u16(..).to_be_bytes();
    let question = [&id, text.as_bytes()].concat();

    let (answers, answered) = mpsc::channel();
    let receiver = socket.try_clone()?;
    // It ends with the program.
    std::thread::spawn(move || receive(&receiver, server, id, &answers));

    for _ in 0..5 {
        socket.send_to(&question, server)?;
        if let Ok(text) = answered.recv_timeout(Duration::from_millis(200)) {
            let mut output = io::stdout().lock();
            output.write_all(&text)?;
            output.write_all(b"\n")?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    eprintln!("no answer");
    Ok(ExitCode::FAILURE)
}

fn receive(socket: &UdpSocket, server: SocketAddr, id: [u8; 2], answers: &Sender<Vec<u8>>) {
    let mut buffer = vec![0; 65_535];
    loop {
        let Ok((received, sender)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        let text = buffer[..received].strip_prefix(&id);
        if let Some(text) = text.filter(|_| sender == server)
            && answers.send(text.to_vec()).is_err()
        {
            return;
        }
    }
}
