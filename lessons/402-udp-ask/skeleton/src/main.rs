//! 402 udp-ask: ask one question over UDP, again if need be, and print the answer.
//!
//! Run the checks with `cargo test -p udp-ask`. The chapter is book/src/402-udp-ask.md.

use std::error::Error;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How often the question is sent.
const TRIES: usize = 5;
/// How long an answer may take before the question is sent again.
const WAIT: Duration = Duration::from_millis(200);

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
    // A socket of the server's family, on a port that the kernel chooses.
    let any_port: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any_port)?;
    let id = fastrand::u16(..).to_be_bytes();
    let question = question(id, text);
    for _ in 0..TRIES {
        socket.send_to(&question, server)?;
        let deadline = Instant::now() + WAIT;
        if let Some(answer) = answer_before(deadline, &socket, server, id)? {
            return Ok(Some(answer));
        }
    }
    Ok(None)
}

/// The datagram that asks: the id, then the text.
fn question(_id: [u8; 2], _text: &str) -> Vec<u8> {
    todo!("Put the two bytes of the id and the bytes of the text into one Vec, and return it.")
}

/// Receives until the answer has come or the time is up. What is no answer does not move the deadline.
fn answer_before(
    _deadline: Instant,
    _socket: &UdpSocket,
    _server: SocketAddr,
    _id: [u8; 2],
) -> io::Result<Option<Vec<u8>>> {
    todo!(
        "In a loop: how much time is left until the deadline? None: return Ok(None). Else give it to \
         set_read_timeout and call recv_from. Where it says WouldBlock, go round once more. Is what has \
         come from the server, and does it begin with the id? Return what is behind the id. Anything \
         else is no answer: go on in the loop."
    )
}
