//! A report without what is chance: for snapshots, here and in the lessons' corpora.

use harness::Role;
use regex::Regex;

/// Times, ports and process ids replaced by words that are as long each time.
pub(crate) fn timeless(report: &str, role: Role) -> String {
    let mut rules = vec![
        (r"(?m)^ +\d+\.\d ms", "      .. ms"),
        (r"\(\d+ ms of processor time", "(.. ms of processor time"),
        (r"exercises/[\w-]+/src/main\.rs:\d+", "src/main.rs:LINE"),
        (
            r"lessons/[\w-]+/wrong/([\w-]+)\.rs:\d+(:\d+)?",
            "wrong/$1.rs:LINE",
        ),
        (r"grader/harness/corpus/[\w/-]+\.rs:\d+", "src/main.rs:LINE"),
        (r"\bused \d+ MiB", "used .. MiB"),
        // How much room the kernel makes for what nobody reads is its own affair.
        (r"[\d,]+ bytes find no room", ".. bytes find no room"),
        (
            r"[\d,]*\d,\d{3} bytes(\s+)that(\s+)(nobody|could)",
            ".. bytes$1that$2$3",
        ),
        (r"\S*/socklings-\d+-[0-9a-f]{4}\b", "FOLDER"),
        // A longer process id makes more bytes, and a line is cut that much earlier.
        (
            r#""(thread '[^"' \n]+'?)[^"\n]*"…   [\d,]+ bytes"#,
            "\"$1\"…   .. bytes",
        ),
        (
            r"(on standard error: \d+ lines?)   [\d,]+ bytes",
            "$1   .. bytes",
        ),
        (
            r"(?m)(thread '[^']+') \(\d+\) panicked at .*$",
            "$1 panicked …",
        ),
        (r"(thread '[^']+') \(\d+\)", "$1"),
        // An id is the program's own choice.
        (r"\bid [0-9a-f]{2}( [0-9a-f]{2})?\b", "id .."),
        (r"time is up \(\d+ ms\)", "time is up (.. ms)"),
    ];
    // A filter has no sockets: to it an address is data.
    if role != Role::Filter {
        // Port 0 is never the kernel's choice.
        rules.push((
            r"\b(127\.0\.0\.\d|0\.0\.0\.0):[1-9]\d*|(\[::1?\]|::1):[1-9]\d*",
            "$1$2:PORT",
        ));
    }
    let text = rules.iter().fold(report.to_owned(), |text, (pattern, to)| {
        let pattern = Regex::new(pattern).expect("the pattern is valid");
        pattern.replace_all(&text, *to).into_owned()
    });
    program_last(&text)
}

/// What the program printed and how it ended, after what its peers did: which of both is seen first
/// is chance.
fn program_last(text: &str) -> String {
    let of_chance = Regex::new(r"^ +\.\. ms   program  +(prints|exited|was killed) ")
        .expect("the pattern is valid");
    let of_time = Regex::new(r"^ +\.\. ms   ").expect("the pattern is valid");
    let mut lines: Vec<&str> = text.lines().collect();
    for events in lines.chunk_by_mut(|a, b| of_time.is_match(a) && of_time.is_match(b)) {
        events.sort_by_key(|event| of_chance.is_match(event));
    }
    lines.join("\n")
}
