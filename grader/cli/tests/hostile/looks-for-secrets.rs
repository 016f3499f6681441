//! must: graded 19
// Echo with std::net: io::copy receives and sends until recv returns 0.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("echo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let echoed = stream.and_then(|stream| echo(&stream));
        if let Err(error) = echoed {
            eprintln!("echo: {error}");
        }
    }
    Ok(())
}

fn echo(stream: &TcpStream) -> io::Result<()> {
    let (mut from, mut to) = (stream, stream);
    io::copy(&mut from, &mut to)?;
    Ok(())
}

// Nothing of who grades is to be seen at compile time.
const _: () = assert!(option_env!("SECRET_OF_THE_GRADER").is_none());
