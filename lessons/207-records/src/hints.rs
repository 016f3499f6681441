//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "sum",
        &[
            "A line comes, a line goes back. What does the line hold that came, and what should the \
             answer look like?",
            "serde_json::from_slice makes a Value of the line. json!({ \"result\": sum }) makes the \
             answer; a newline ends it.",
            "    let request: Value = serde_json::from_slice(line).map_err(|error| \
             error.to_string())?;\n    let numbers = request[\"numbers\"].as_array().ok_or(\"no list of \
             numbers\")?;",
        ],
    ),
    Hints::new(
        "max",
        &[
            "All of these numbers may be below zero. Where does your search begin?",
            "Not at 0: at the first number. iter().max() does it, and gives none where there are no \
             numbers.",
        ],
    ),
    Hints::new(
        "sort",
        &[
            "The answer is a list of numbers, in order by value. Is yours a list, or a text that looks \
             like one?",
            "{:?} between quotes makes a text. A Vec<i64> put into json! makes a list.",
        ],
    ),
    Hints::new(
        "errors-are-answers",
        &[
            "A bad request came. The client waits for an answer: does it get one?",
            "Each thing that can be wrong becomes { \"error\": … }: no JSON, no op, an unknown op, no \
             list, something in it that is no integer, the max of nothing.",
            "Let one function give Result<Value, String>, with ? and ok_or inside, and write either \
             side of it as an answer.",
        ],
    ),
    Hints::new(
        "keeps-going-after-an-error",
        &[
            "The client may ask again after a slip. What happens to the connection after your error?",
            "Only a line that is too long ends it. Any other bad line is answered, and the loop goes on.",
        ],
    ),
    Hints::new(
        "split-anywhere",
        &[
            "The line arrives in pieces. Where does your program think that it ends?",
            "A line ends at its newline, not where a read ends. BufReader::read_until reads on until \
             there is one.",
        ],
    ),
    Hints::new(
        "many-lines-in-one-segment",
        &[
            "A hundred lines came at once. What happens to what stands behind the first newline?",
            "A BufReader reads ahead and keeps it. If you make a new one for each line, that is thrown \
             away: make one for the connection.",
        ],
    ),
    Hints::new(
        "unicode-and-whitespace",
        &[
            "JSON leaves much to who writes it: white space, the order of members, escapes. Do you look \
             for fixed text?",
            "Parse it, and ask for members by name. And hand bytes to serde_json::from_slice: a line \
             that is no UTF-8 is a bad request, not the end of the connection.",
        ],
    ),
    Hints::new(
        "big-numbers",
        &[
            "The numbers have up to 64 bits. Which type do you read them as, and in which do you add?",
            "as_i64, not as_f64: floating point is exact up to 53 bits. And a sum may leave 64 bits on \
             the way and come back.",
            "    let sum: i128 = numbers.iter().map(|&number| i128::from(number)).sum();\n    let sum \
             = i64::try_from(sum).map_err(|_| \"the sum is too large\")?;",
        ],
    ),
    Hints::new(
        "too-long-a-line",
        &[
            "A client sends a line without end. How much of it does your server keep?",
            "65,536 bytes may stand before the newline. When one more has come, answer with an error \
             and close; do not wait for the newline.",
            "    reader.take(LONGEST + 1).read_until(b'\\n', &mut line)?;\n\nWithout a newline at its \
             end, the line is too long, or the input is over: its length says which.",
        ],
    ),
    Hints::new(
        "survives-a-reset",
        &[
            "A client is gone, perhaps in the middle of a line. What does the error end in your \
             program: the connection, or the server?",
            "    if let Err(error) = converse(&stream) {\n        eprintln!(\"records: {client}: \
             {error}\");\n    }",
        ],
    ),
];
