//! An answer came, and it is another one, or not JSON.

use harness::diagnosis::{Case, Diagnosis};
use harness::failure::{Actual, Expected};
use serde_json::Value;

use crate::request::{AN_ERROR, ANSWERED, NOT_JSON};
use crate::{NAN, NOT_UTF_8};

pub(super) fn note(case: &Case<'_>) -> Option<Diagnosis> {
    let (Expected::Answer { what: expected }, Actual::Other { what: came }) =
        (&case.failure.expected, &case.failure.actual)
    else {
        return None;
    };
    if came.starts_with(NOT_JSON) {
        return Some(Diagnosis::new(
            "not-json",
            "What your program sent is not JSON: it cannot be read back. Have a library write it. In \
             Rust, json!({ \"result\": numbers }).to_string() from serde_json gives a line that every \
             JSON reader takes; {:?} gives what Rust's programmers read in their logs.",
        ));
    }
    let came: Value = serde_json::from_str(came.strip_prefix(ANSWERED)?).ok()?;
    if expected.starts_with(AN_ERROR) {
        return Some(no_error(case, expected, &came));
    }
    // The line may follow.
    let mut values = serde_json::Deserializer::from_str(expected).into_iter::<Value>();
    let expected = values.next()?.ok()?;
    Some(match &came["error"] {
        Value::Null => other_result(case, &expected["result"], &came),
        _ => refused(case),
    })
}

/// A result where an error was due.
fn no_error(case: &Case<'_>, expected: &str, came: &Value) -> Diagnosis {
    if expected.contains(NOT_UTF_8) {
        return Diagnosis::new(
            "takes-bytes-for-text",
            "The line holds a byte that is not UTF-8, so it is not JSON, and your program has made a text \
             of it all the same: from_utf8_lossy (errors=\"replace\", latin-1) puts another character in \
             its place. Hand the bytes to the parser as they came: serde_json::from_slice.",
        )
        .section("What JSON leaves open");
    }
    if expected.contains(NAN) {
        return Diagnosis::new(
            "takes-nan",
            "JSON has no NaN and no Infinity, in no place, but some libraries read them: Python's \
             json.loads does, unless it is given a parse_constant that raises an error. Such a line is \
             not JSON, and is answered with an error.",
        )
        .section("What JSON leaves open");
    }
    if asks_for_big_numbers(case) {
        return Diagnosis::new(
            "wraps-around",
            "Your program answered with a number that is not the sum, or took one that is not of 64 bits. \
             What does not fit is an error. In Rust + panics when it overflows, and in a release build it \
             wraps around in silence: add in i128, or with checked_add, and look whether the sum fits.",
        )
        .section("What a number is");
    }
    if came["result"].is_null() {
        return Diagnosis::new(
            "answers-null",
            "Your program found no result and sent null in its place. The lesson asks for an error here: \
             {\"error\":\"…\"}. In Rust, max() of nothing is None, and None is written as null: match it.",
        )
        .section("Errors are answers");
    }
    Diagnosis::new(
        "answers-what-is-no-request",
        "The line above is no request that can be answered, for the reason in parentheses, and your \
         program answered it. Say what is wrong: {\"error\":\"…\"}. A number here is an integer of 64 \
         bits and nothing else; a line is JSON from its first byte to its last.",
    )
    .section("What a number is")
}

/// An error where a result was due.
fn refused(case: &Case<'_>) -> Diagnosis {
    if asks_for_big_numbers(case) {
        return Diagnosis::new(
            "too-few-bits",
            "Your program answered an error, but this request has a result of 64 bits. On the way a sum \
             may leave 64 bits and come back: add in i128, and look at the end whether the sum fits into \
             i64. And i32 is too small for what is asked here.",
        )
        .section("What a number is");
    }
    Diagnosis::new(
        "refuses-what-json-allows",
        "The request is a good one, written in another way, and your program refused it. JSON allows \
         spaces, tabs and CR between its parts, members in any order, escapes such as \\u0073 for s, and \
         members that you do not know. Let a JSON library read the line, take the two members you need, \
         and ignore the rest.",
    )
    .section("What JSON leaves open")
}

fn other_result(case: &Case<'_>, expected: &Value, came: &Value) -> Diagnosis {
    let (rule, meaning) = match (expected, &came["result"]) {
        (_, Value::Null) => (
            "no-result",
            "The answer is JSON, but it has no member called result: {\"result\":6}. Compare it, letter by \
             letter, with the protocol.",
        ),
        (Value::Array(_), Value::String(_)) => (
            "a-text-in-place-of-a-list",
            "The quotes make your answer a text that looks like a list; who reads it gets a text. {:?} and \
             to_string() make texts for people. Hand the list itself to the library: json!({ \"result\": \
             numbers }) writes [1,2,3], without quotes.",
        ),
        (Value::Number(_), Value::String(_)) => (
            "a-text-in-place-of-a-number",
            "The quotes make your answer a text that looks like a number; who reads it gets a text. Hand \
             the number itself to the library, not its to_string().",
        ),
        (_, Value::Number(_) | Value::Array(_)) if asks_for_big_numbers(case) => (
            "too-few-bits",
            "The result needs more bits than your program has for it. Integers are of 64 bits here, i64; \
             an f64 is exact only up to 2 to the 53rd, an i32 up to 2,147,483,647. And a sum may leave 64 \
             bits on the way and come back: add in i128, and look at the end whether it fits.",
        ),
        (Value::Array(_), Value::Array(_)) => (
            "other-order",
            "The list should be in order by value, the smallest first, each number as often as it came. \
             Sorted as texts, 10 comes before 9.",
        ),
        (Value::Number(_), Value::Number(came)) if !came.is_i64() => (
            "not-an-integer",
            "The result should be an integer, and your program sent a number with a decimal point: it \
             counts in f64. Use i64.",
        ),
        (Value::Number(expected), Value::Number(came))
            if expected.as_i64() < Some(0) && came.as_i64() == Some(0) =>
        {
            (
                "begins-at-zero",
                "All numbers were negative, and your program says that the largest is 0, which was not \
                 among them. Begin with the first number, or use the iterator's max().",
            )
        }
        _ => return Diagnosis::new("other-result", OTHER_RESULT),
    };
    Diagnosis::new(rule, meaning).section("What a number is")
}

const OTHER_RESULT: &str = "The answer has the right form and another value. Work the example above out by \
                            hand, and compare.";

/// Whether the request holds a number that 32 bits do not.
fn asks_for_big_numbers(case: &Case<'_>) -> bool {
    let request = case.failure.after.as_ref().map_or("", |sent| &sent.shown);
    request
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() > 9)
}
