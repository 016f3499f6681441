//! 402 udp-ask: asks one question over UDP, again if need be, and prints the answer.

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How often the question is sent.
const TRIES: usize = 5;
/// How long an answer may take before the question is sent again.
const WAIT: Duration = Duration::from_millis(200);
/// Room for the largest datagram.
const LARGEST: usize = 65_535;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(address), Some(text)) = (args.next(), args.next()) else {
        return Err("usage: udp-ask ADDRESS TEXT".into());
    };
    let answer = ask(address.parse()?, &text)?.ok_or("no answer")?;
    // The answer is bytes: println! would want text.
    let mut output = io::stdout().lock();
    output.write_all(&answer)?;
    output.write_all(b"\n")?;
    Ok(())
}

/// The text of the answer; none if there is none after all tries.
fn ask(server: SocketAddr, text: &str) -> io::Result<Option<Vec<u8>>> {
    let any_port: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any_port)?;
    let id = fastrand::u16(..).to_be_bytes();
    let question = [&id, text.as_bytes()].concat();
    for _ in 0..TRIES {
        socket.send_to(&question, server)?;
        let deadline = Instant::now() + WAIT;
        if let Some(answer) = answer_before(deadline, &socket, server, id)? {
            return Ok(Some(answer));
        }
    }
    Ok(None)
}

/// Receives until the answer has come or the time is up. What is no answer does not move the deadline.
fn answer_before(
    deadline: Instant,
    socket: &UdpSocket,
    server: SocketAddr,
    id: [u8; 2],
) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = vec![0; LARGEST];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(&mut buffer) {
            Ok((received, sender)) => {
                let text = buffer[..received].strip_prefix(&id);
                if let (Some(text), true) = (text, sender == server) {
                    return Ok(Some(text.to_vec()));
                }
            }
            // The time is up, or a signal came: the loop looks at the clock.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(error),
        }
    }
}
