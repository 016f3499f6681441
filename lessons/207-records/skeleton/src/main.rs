//! 207 records: answer requests that are JSON, a line each, with JSON, a line each.
//!
//! Run the checks with `cargo test -p records`. The chapter is book/src/207-records.md.

use std::error::Error;
use std::io::{self, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use serde_json::{Value, json};

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
    let listener = listen(&address)?;
    loop {
        let (stream, client) = listener.accept()?;
        // A client that vanishes ends its own connection, not the server.
        if let Err(error) = converse(&stream) {
            eprintln!("records: {client}: {error}");
        }
    }
}

/// A socket that listens on `address`.
fn listen(_address: &str) -> io::Result<TcpListener> {
    todo!("TcpListener::bind: socket, bind and listen in one, as in 206 frames.")
}

/// Answers each line, until the client ends.
fn converse(stream: &TcpStream) -> io::Result<()> {
    // One reader for the whole connection: what it has read ahead are the next lines.
    let mut reader = BufReader::new(stream);
    loop {
        let line = next_line(&mut reader)?;
        if !line.ends_with(b"\n") {
            // The client has ended. (When all else works: or is the line too long?)
            return Ok(());
        }
        reply(stream, answer(&line))?;
    }
}

/// The next line with its newline; without one if the client has ended.
fn next_line(_reader: &mut BufReader<&TcpStream>) -> io::Result<Vec<u8>> {
    todo!("read_until a newline, into a Vec that you return.")
}

/// Sends a result or an error, as a line.
fn reply(_stream: &TcpStream, answer: Result<Value, String>) -> io::Result<()> {
    let _answer = match answer {
        Ok(result) => json!({ "result": result }),
        Err(error) => json!({ "error": error }),
    };
    todo!("write_all the answer as text, and a newline after it. Writing needs `mut stream`.")
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
fn numbers(_request: &Value) -> Result<Vec<i64>, String> {
    todo!(
        "_request[\"numbers\"] as_array, and each of its values as_i64. What is no list, or no such \
         number, is an Err with a reason."
    )
}

fn sum(_numbers: &[i64]) -> Result<Value, String> {
    todo!(
        "add them up, and turn the sum into a Value. One that does not fit into 64 bits is an Err."
    )
}

fn max(_numbers: &[i64]) -> Result<Value, String> {
    todo!("the largest, if there is one.")
}

fn sort(_numbers: Vec<i64>) -> Value {
    todo!("the same list, smallest first.")
}
