//! Connects the socket, so that the kernel drops what others send; and lives with the errors that a
//! connected socket gets.

use std::io::{self, ErrorKind, Write};
use std::net::UdpSocket;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("no answer");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether an answer came.
fn run() -> io::Result<bool> {
    let mut args = std::env::args().skip(1);
    let (Some(server), Some(text)) = (args.next(), args.next()) else {
        return Err(io::Error::other("usage: udp-ask ADDRESS TEXT"));
    };
    let any = if server.starts_with('[') {
        "[::]:0"
    } else {
        "0.0.0.0:0"
    };
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?;
    let id = fastrand::u16(..).to_be_bytes();
    let question = [&id, text.as_bytes()].concat();
    let mut buffer = vec![0; 65_535];
    for _ in 0..5 {
        let sent = Instant::now();
        send(&socket, &question)?;
        loop {
            let left = Duration::from_millis(200).saturating_sub(sent.elapsed());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left))?;
            let received = match socket.recv(&mut buffer) {
                Ok(received) => received,
                // Time is up, or an earlier try was refused: the loop looks at the clock.
                Err(error) if is_no_answer_yet(&error) => continue,
                Err(error) => return Err(error),
            };
            if let Some(text) = buffer[..received].strip_prefix(&id) {
                io::stdout().write_all(text)?;
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// An earlier refusal is told to whoever calls next: then this datagram was not sent.
fn send(socket: &UdpSocket, question: &[u8]) -> io::Result<()> {
    match socket.send(question) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
            socket.send(question).map(drop)
        }
        sent => sent.map(drop),
    }
}

fn is_no_answer_yet(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock
            | ErrorKind::TimedOut
            | ErrorKind::Interrupted
            | ErrorKind::ConnectionRefused
    )
}
