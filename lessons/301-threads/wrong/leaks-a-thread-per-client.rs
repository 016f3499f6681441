//! fails: threads-end
//! A second thread for each client sends what the first hands over. It ends when nobody can hand anything
//! over any more, and a list of all senders is kept.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    let mut clients = Vec::new();
    for stream in listener.incoming() {
        let stream = stream?;
        let (answers, to_send) = mpsc::channel();
        clients.push(answers.clone());
        let sending = stream.try_clone()?;
        thread::spawn(move || send(&sending, &to_send));
        thread::spawn(move || serve(&stream, &answers));
    }
    Ok(())
}

fn send(mut stream: &TcpStream, answers: &Receiver<Vec<u8>>) -> io::Result<()> {
    for answer in answers {
        stream.write_all(&answer)?;
    }
    Ok(())
}

fn serve(stream: &TcpStream, answers: &Sender<Vec<u8>>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut number = 0;
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(());
        }
        number += 1;
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        answers.send(answer).map_err(io::Error::other)?;
    }
}
