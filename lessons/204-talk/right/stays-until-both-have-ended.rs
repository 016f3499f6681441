//! A thread receives, and the main thread copies the input, as much as there is at a time. It leaves
//! when both directions have ended.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;
use std::thread;

fn main() -> ExitCode {
    let address = std::env::args().nth(1).unwrap_or_default();
    match talk(&address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("talk: {address}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn talk(address: &str) -> io::Result<()> {
    let stream = TcpStream::connect(address)?;
    thread::scope(|scope| {
        let answers = scope.spawn(|| {
            let mut output = io::stdout().lock();
            io::copy(&mut &stream, &mut Flushing(&mut output))
        });
        let sent = io::copy(&mut io::stdin().lock(), &mut &stream);
        // Where the connection is gone, there is nothing to end: the other thread knows why.
        let _ = stream.shutdown(Shutdown::Write);
        let printed = answers.join().expect("it does not panic");
        printed.and(sent).map(drop)
    })
}

/// Flushes after each write.
struct Flushing<W>(W);

impl<W: Write> Write for Flushing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = self.0.write(bytes)?;
        self.0.flush()?;
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
