//! 207 records: answers requests that are JSON, a line each, with JSON, a line each.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use serde_json::{Value, json};

/// The longest line that is read, in bytes, without its newline.
const LONGEST: u64 = 65_536;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("records: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("usage: records ADDRESS")?;
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, client) = listener.accept()?;
        // A client that vanishes ends its own connection, not the server.
        if let Err(error) = converse(&stream) {
            eprintln!("records: {client}: {error}");
        }
    }
}

/// Answers each line, until the client ends or sends one that is too long.
fn converse(stream: &TcpStream) -> io::Result<()> {
    // One reader for the whole connection: what it has read ahead are the next lines.
    let mut reader = BufReader::new(stream);
    loop {
        let line = next_line(&mut reader)?;
        if line.ends_with(b"\n") {
            reply(stream, answer(&line))?;
        } else if line.len() as u64 > LONGEST {
            return reply(stream, Err("the line is too long".into()));
        } else {
            // The client has ended. A line that was not finished is no request.
            return Ok(());
        }
    }
}

/// The next line with its newline; without one if the client has ended, or the line is too long.
fn next_line(reader: &mut BufReader<&TcpStream>) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    reader.take(LONGEST + 1).read_until(b'\n', &mut line)?;
    Ok(line)
}

/// Sends a result or an error, as a line.
fn reply(mut stream: &TcpStream, answer: Result<Value, String>) -> io::Result<()> {
    let answer = match answer {
        Ok(result) => json!({ "result": result }),
        Err(error) => json!({ "error": error }),
    };
    stream.write_all(format!("{answer}\n").as_bytes())
}

/// What one line asks for, or what is wrong with it.
fn answer(line: &[u8]) -> Result<Value, String> {
    let request: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let numbers = numbers(&request)?;
    match request["op"].as_str() {
        Some("sum") => sum(&numbers),
        Some("max") => max(&numbers),
        Some("sort") => Ok(sort(numbers)),
        _ => Err("there is no such op".into()),
    }
}

/// The list of numbers in a request.
fn numbers(request: &Value) -> Result<Vec<i64>, String> {
    let numbers = request["numbers"].as_array().ok_or("no list of numbers")?;
    let numbers: Option<Vec<i64>> = numbers.iter().map(Value::as_i64).collect();
    numbers.ok_or("not all numbers are integers of 64 bits".into())
}

/// On the way a sum may leave 64 bits and come back.
fn sum(numbers: &[i64]) -> Result<Value, String> {
    let sum: i128 = numbers.iter().map(|&number| i128::from(number)).sum();
    let sum = i64::try_from(sum).map_err(|_| "the sum is too large")?;
    Ok(sum.into())
}

fn max(numbers: &[i64]) -> Result<Value, String> {
    let max = numbers.iter().max().ok_or("nothing has no maximum")?;
    Ok((*max).into())
}

fn sort(mut numbers: Vec<i64>) -> Value {
    numbers.sort_unstable();
    numbers.into()
}
