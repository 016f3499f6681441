//! fails: counts
//! also: interleaved, a-stalled-client-stalls-nobody
//! Takes what one recv brings for one line.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

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
    let mut buffer = vec![0; 65_536];
    let mut number = 0;
    loop {
        let received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        number += 1;
        let answer = [format!("{number} ").as_bytes(), &buffer[..received]].concat();
        stream.write_all(&answer)?;
    }
}
