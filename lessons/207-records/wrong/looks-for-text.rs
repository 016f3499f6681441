//! fails: unicode-and-whitespace
//! also: too-long-a-line
//! Takes requests apart by hand, as they happened to look in the example.

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
    let line = std::str::from_utf8(line).map_err(|e| e.to_string())?;
    let parts = line.trim().strip_prefix(r#"{"op":""#);
    let parts = parts.and_then(|rest| rest.strip_suffix("]}"));
    let parts = parts.and_then(|rest| rest.split_once(r#"","numbers":["#));
    let (op, list) = parts.ok_or("not a request")?;
    let list = list.split(',').filter(|_| !list.is_empty());
    let numbers: Result<Vec<i64>, _> = list.map(str::parse).collect();
    let mut numbers = numbers.map_err(|_| "not an integer")?;
    match Some(op) {
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
