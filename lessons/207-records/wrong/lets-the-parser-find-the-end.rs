//! fails: errors-are-answers
//! also: keeps-going-after-an-error, many-lines-in-one-segment, unicode-and-whitespace, too-long-a-line, big-numbers
//! Reads JSON values from the connection as they come, and knows nothing of lines.

use std::io::{self, BufReader, Write};
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
    let requests = serde_json::Deserializer::from_reader(BufReader::new(stream));
    for request in requests.into_iter() {
        match request {
            Ok(request) => reply(stream, answer(&request))?,
            Err(error) => reply(stream, Err(error.to_string()))?,
        }
    }
    Ok(())
}

fn reply(mut stream: &TcpStream, answer: Result<Value, String>) -> io::Result<()> {
    let answer = match answer {
        Ok(result) => json!({ "result": result }),
        Err(error) => json!({ "error": error }),
    };
    stream.write_all(format!("{answer}\n").as_bytes())
}

fn answer(request: &Value) -> Result<Value, String> {
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
