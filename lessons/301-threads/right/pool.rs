//! A fixed number of threads, each of which accepts for itself: 512 clients at a time and no more. For
//! the lesson that is enough, and the threads are all there is to pay for.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;

const THREADS: usize = 512;
/// What a thread of these needs; the default is 2 MiB of address space for each.
const STACK: usize = 64 * 1024;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("threads: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    thread::scope(|scope| {
        let start = |_| {
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || accept_and_serve(&listener))
        };
        let threads: io::Result<Vec<_>> = (0..THREADS).map(start).collect();
        let mut ends = threads?.into_iter().map(thread::ScopedJoinHandle::join);
        ends.try_for_each(|end| end.unwrap_or(Ok(())))
    })
}

fn accept_and_serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = answer_lines(&stream) {
            eprintln!("threads: {error}");
        }
    }
}

fn answer_lines(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            break;
        }
        stream.write_all(&[format!("{number} ").as_bytes(), &line].concat())?;
    }
    Ok(())
}
