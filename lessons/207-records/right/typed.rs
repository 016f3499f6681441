//! Another design: a thread for each client, requests as a type that serde fills in, and the line
//! collected from the reader's own buffer, so that no byte is looked at twice.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde::{Deserialize, Serialize};

const LONGEST: usize = 65_536;

#[derive(Deserialize)]
struct Request {
    op: Op,
    numbers: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Op {
    Sum,
    Max,
    Sort,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Result(Outcome),
    Error(String),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    One(i64),
    All(Vec<i64>),
}

enum Line {
    Complete(Vec<u8>),
    TooLong,
    End,
}

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    for stream in TcpListener::bind(address)?.incoming() {
        let stream = stream?;
        thread::spawn(move || converse(&stream));
    }
    Ok(())
}

fn converse(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1000, stream);
    loop {
        let (answer, goes_on) = match next_line(&mut reader)? {
            Line::Complete(line) => (answer(&line).unwrap_or_else(Answer::Error), true),
            Line::TooLong => (Answer::Error("a line of more than 64 KiB".into()), false),
            Line::End => return Ok(()),
        };
        // In two segments or more: that is nobody's business.
        serde_json::to_writer(stream, &answer)?;
        stream.write_all(b"\r\n")?;
        if !goes_on {
            return Ok(());
        }
    }
}

fn next_line(reader: &mut impl BufRead) -> io::Result<Line> {
    let mut line = Vec::new();
    loop {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Ok(Line::End);
        }
        let newline = available.iter().position(|&byte| byte == b'\n');
        let length = newline.unwrap_or(available.len());
        line.extend_from_slice(&available[..length]);
        reader.consume(newline.map_or(length, |at| at + 1));
        if line.len() > LONGEST {
            return Ok(Line::TooLong);
        }
        if newline.is_some() {
            return Ok(Line::Complete(line));
        }
    }
}

fn answer(line: &[u8]) -> Result<Answer, String> {
    let Request { op, mut numbers } = serde_json::from_slice(line).map_err(|e| e.to_string())?;
    let outcome = match op {
        Op::Sum => Outcome::One(sum(&numbers).ok_or("more than 64 bits")?),
        Op::Max => Outcome::One(
            numbers
                .iter()
                .copied()
                .reduce(i64::max)
                .ok_or("of nothing?")?,
        ),
        Op::Sort => {
            numbers.sort_unstable();
            Outcome::All(numbers)
        }
    };
    Ok(Answer::Result(outcome))
}

/// Without larger integers: as long as negative and other numbers take turns, no sum on the way leaves
/// 64 bits that comes back.
fn sum(numbers: &[i64]) -> Option<i64> {
    let (mut up, mut down): (Vec<i64>, Vec<i64>) = numbers.iter().partition(|&&n| n >= 0);
    let mut sum: i64 = 0;
    loop {
        let next = if sum < 0 {
            up.pop().or_else(|| down.pop())
        } else {
            down.pop().or_else(|| up.pop())
        };
        match next {
            Some(number) => sum = sum.checked_add(number)?,
            None => return Some(sum),
        }
    }
}
