//! fails: unicode-and-whitespace
//! Puts a replacement character where bytes are no text, and reads what comes of it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        converse(&stream).ok();
    }
}

fn converse(stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        reader.by_ref().take(65_537).read_until(b'\n', &mut line)?;
        if line.ends_with(b"\n") {
            reply(stream, answer(&line))?;
        } else if line.len() > 65_536 {
            return reply(stream, Err("too long".into()));
        } else {
            return Ok(());
        }
    }
}

fn reply(mut stream: &TcpStream, answer: Result<Value, String>) -> io::Result<()> {
    let answer = match answer {
        Ok(result) => json!({ "result": result }),
        Err(error) => json!({ "error": error }),
    };
    stream.write_all(format!("{answer}\n").as_bytes())
}

fn answer(line: &[u8]) -> Result<Value, String> {
    let request: Value =
        serde_json::from_str(&String::from_utf8_lossy(line)).map_err(|e| e.to_string())?;
    let numbers = request["numbers"].as_array().ok_or("no numbers")?;
    let numbers: Option<Vec<i64>> = numbers.iter().map(Value::as_i64).collect();
    let mut numbers = numbers.ok_or("not an integer")?;
    match request["op"].as_str() {
        Some("sum") => {
            let sum: i128 = numbers.iter().copied().map(i128::from).sum();
            Ok(i64::try_from(sum).map_err(|_| "too large")?.into())
        }
        Some("max") => Ok((*numbers.iter().max().ok_or("nothing")?).into()),
        Some("sort") => {
            numbers.sort_unstable();
            Ok(numbers.into())
        }
        _ => Err("unknown op".into()),
    }
}
