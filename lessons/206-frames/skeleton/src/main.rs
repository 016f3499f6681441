//! 206 frames: answer each frame, a length and that many bytes, with the same bytes reversed.
//!
//! Run the checks with `cargo test -p frames`. The chapter is book/src/206-frames.md.

use std::error::Error;
use std::io::{self, ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

/// How many bytes a frame may hold.
const LARGEST: u32 = 1_048_576;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("frames: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("usage: frames ADDRESS")?;
    let listener = TcpListener::bind(address)?;
    loop {
        let (connection, _) = listener.accept()?;
        // A client that misbehaves ends its own connection, not the server.
        if let Err(error) = answer_frames(connection) {
            eprintln!("frames: {error}");
        }
    }
}

/// Answers one client's frames until no more come.
fn answer_frames(mut connection: TcpStream) -> io::Result<()> {
    while let Some(frame) = receive(&mut connection)? {
        send_reversed(&mut connection, &frame)?;
    }
    Ok(())
}

/// The next frame, or none where the client's input has ended.
fn receive(connection: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match connection.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    todo!(
        "the length is here, four bytes, big-endian: make a number of them. Over {LARGEST} is an \
         error. Otherwise read exactly that many bytes, and return them."
    )
}

/// Sends a frame with the same bytes from last to first.
fn send_reversed(_connection: &mut TcpStream, _frame: &[u8]) -> io::Result<()> {
    todo!(
        "send the length in four bytes, big-endian, and the bytes from last to first; all at once."
    )
}
