//! 206 frames: answers each frame with one whose bytes are reversed.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

/// How many bytes a frame may hold. A client's word is no reason to make room for more.
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
    let length = u32::from_be_bytes(length);
    if length > LARGEST {
        let refusal = format!("a frame of {length} bytes is too large");
        return Err(io::Error::new(ErrorKind::InvalidData, refusal));
    }
    let mut frame = vec![0; length as usize];
    connection.read_exact(&mut frame)?;
    Ok(Some(frame))
}

/// Sends a frame with the same bytes from last to first, length and bytes in one piece.
fn send_reversed(connection: &mut TcpStream, frame: &[u8]) -> io::Result<()> {
    let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
    let mut answer = length.to_be_bytes().to_vec();
    answer.extend(frame.iter().rev());
    connection.write_all(&answer)
}
