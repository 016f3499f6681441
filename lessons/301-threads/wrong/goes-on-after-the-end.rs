//! fails: threads-end
//! Takes the end of input for a line that has not come yet, and asks again later, for ever. (After an
//! hour, so that it is never seen at work.)

#![expect(clippy::disallowed_methods, reason = "it waits for what does not come")]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || serve(&stream));
    }
    Ok(())
}

fn serve(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut number = 0;
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            thread::sleep(Duration::from_secs(3600));
            continue;
        }
        number += 1;
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        stream.write_all(&answer)?;
    }
}
