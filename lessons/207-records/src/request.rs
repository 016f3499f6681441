//! A request, as the line that asks it, with the answer that the protocol has for it.

use harness::payload::{Payload, escape, is_text, visible};
use harness::{TcpPeer, Verdict};
use serde_json::Value;

/// How the words for an expected error begin.
pub(crate) const AN_ERROR: &str = "an error";
/// How the words for an answer begin that is JSON but another one.
pub(crate) const ANSWERED: &str = "it answered ";
/// How the words for an answer begin that no JSON reader takes.
pub(crate) const NOT_JSON: &str = "the answer is not JSON: ";

/// What a request is to be answered with.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// `{"result": …}`.
    Result(Value),
    /// `{"error": "…"}`, for this reason.
    Error(&'static str),
}

/// One line and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The line, without its newline.
    pub(crate) line: Vec<u8>,
    /// What is to come back.
    pub(crate) answer: Answer,
}

impl Request {
    /// A line that is answered with a result.
    pub(crate) fn new(line: impl Into<Vec<u8>>, result: impl Into<Value>) -> Self {
        Self {
            line: line.into(),
            answer: Answer::Result(result.into()),
        }
    }

    /// A line that is answered with an error, because of `why`.
    pub(crate) fn bad(line: impl Into<Vec<u8>>, why: &'static str) -> Self {
        Self {
            line: line.into(),
            answer: Answer::Error(why),
        }
    }

    /// Asks for the sum, which must be one of 64 bits.
    pub(crate) fn sum(numbers: &[i64]) -> Self {
        let sum: i128 = numbers.iter().map(|&number| i128::from(number)).sum();
        let sum = i64::try_from(sum).expect("a check asks for a sum that there is");
        Self::new(written("sum", numbers), sum)
    }

    /// Asks for the largest of at least one number.
    pub(crate) fn max(numbers: &[i64]) -> Self {
        let max = *numbers.iter().max().expect("a check gives some numbers");
        Self::new(written("max", numbers), max)
    }

    /// Asks for the numbers in order.
    pub(crate) fn sort(numbers: &[i64]) -> Self {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        Self::new(written("sort", numbers), sorted)
    }

    /// The same request, its line made `length` bytes long with spaces that JSON allows.
    pub(crate) fn padded_to(mut self, length: usize) -> Self {
        let spaces = vec![b' '; length.saturating_sub(self.line.len())];
        self.line.splice(1..1, spaces);
        self
    }

    /// The line with its newline.
    pub(crate) fn on_the_wire(&self) -> Vec<u8> {
        [&self.line[..], b"\n"].concat()
    }
}

/// `{"op":"sum","numbers":[1,2,3]}`.
fn written(op: &str, numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!(r#"{{"op":"{op}","numbers":[{}]}}"#, numbers.join(","))
}

/// Sends a request and expects its answer.
pub(crate) fn ask(peer: &mut TcpPeer, request: &Request) -> Verdict {
    peer.send(&request.on_the_wire())?;
    expect(peer, request)
}

/// Expects the answer to this request next.
pub(crate) fn expect(peer: &mut TcpPeer, request: &Request) -> Verdict {
    let expected = request.expectation();
    let line = peer.line(&expected)?;
    let Ok(came) = serde_json::from_slice::<Value>(&line) else {
        let shown = Payload::new(&line).quoted();
        return Err(peer.fails(&expected, &format!("{NOT_JSON}{shown}")));
    };
    if request.answer.allows(&came) {
        return Ok(());
    }
    Err(peer.fails(&expected, &format!("{ANSWERED}{}", shown(&came))))
}

impl Request {
    /// Its answer, as a headline says it; with the line, where that would be cut or
    /// shown as hexadecimal.
    fn expectation(&self) -> String {
        const CUT: usize = 40;
        let answer = match &self.answer {
            Answer::Result(result) => format!(r#"{{"result":{result}}}"#),
            Answer::Error(why) => format!("{AN_ERROR} ({why})"),
        };
        let hard_to_read = self.line.len() >= CUT || !is_text(&self.line);
        if hard_to_read && self.line.len() < MOST {
            return format!("{answer} for {}", escape(&self.line));
        }
        answer
    }
}

impl Answer {
    /// Answers are values: how they are written does not matter, nor which words an error uses.
    fn allows(&self, came: &Value) -> bool {
        match self {
            Self::Result(result) => *came == serde_json::json!({ "result": result }),
            Self::Error(_) => came["error"].is_string() && came.get("result").is_none(),
        }
    }
}

/// Nobody reads more of a line than this many characters.
const MOST: usize = 160;

/// An answer for a headline.
fn shown(came: &Value) -> String {
    let text = visible(&came.to_string());
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}
