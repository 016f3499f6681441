//! fails: big-numbers
//! Has 32 bits for each number.

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
    let request: Value = serde_json::from_slice(line).map_err(|e| e.to_string())?;
    let numbers = serde_json::from_value(request["numbers"].clone());
    let mut numbers: Vec<i32> = numbers.map_err(|e| e.to_string())?;
    match request["op"].as_str() {
        Some("sum") => {
            let sum = numbers
                .iter()
                .try_fold(0, |sum: i32, &n| sum.checked_add(n));
            Ok(sum.ok_or("too large")?.into())
        }
        Some("max") => Ok((*numbers.iter().max().ok_or("nothing")?).into()),
        Some("sort") => {
            numbers.sort_unstable();
            Ok(numbers.into())
        }
        _ => Err("unknown op".into()),
    }
}
