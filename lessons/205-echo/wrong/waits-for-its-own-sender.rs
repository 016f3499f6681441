//! fails: half-close
//! also: one-after-another, survives-a-reset, survives-silence
//! Waits for the thread that sends, which waits for this one to drop its end of the channel.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        if let Err(error) = echo(stream) {
            eprintln!("{error}");
        }
    }
}

fn echo(mut stream: TcpStream) -> std::io::Result<()> {
    let (to_sender, messages) = mpsc::channel::<Vec<u8>>();
    let mut sending_half = stream.try_clone()?;
    let sender = thread::spawn(move || {
        for message in messages {
            // The receiving side will hear of an error, too.
            let _ = sending_half.write_all(&message);
        }
    });
    let mut buffer = [0; 4096];
    while let Ok(received @ 1..) = stream.read(&mut buffer) {
        // The sender ends when nobody can give it messages any more.
        let _ = to_sender.send(buffer[..received].to_vec());
    }
    // Nobody holds the other end after a panic; then there is nothing to wait for.
    let _ = sender.join();
    Ok(())
}
