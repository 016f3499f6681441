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
        (r"ended \d+ ms after", "ended .. ms after"),
        // How much room the kernel makes for what nobody reads is its own affair.
        (r"[\d,]+ bytes find no room", ".. bytes find no room"),
        // Nor how busy the machine is while a program works for nothing.
        (r"\buses\s+\d+(\s+)%(\s+)of\b", "uses .. % of"),
        (
            r"[\d,]*\d,\d{3} bytes(\s+)that(\s+)(nobody|could)",
            ".. bytes${1}that${2}${3}",
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
        (r"call after call \(\d+ ms\)", "call after call (.. ms)"),
        // A time that was too short for a busy machine is given again, longer.
        (r"(starts: deadlines\S* \S+) \d{3,4}\b", "$1 IDLE_MS"),
        (r"\bIDLE_MS is \d+", "IDLE_MS is .."),
        (r"\bIDLE_MS \(\d+\)", "IDLE_MS (..)"),
        (r"\bevery \d+ ms\)", "every .. ms)"),
        (r"\b\d+ ms have passed, twice", ".. ms have passed, twice"),
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
    program_last(&without_odd_counts(&text), role)
}

/// How much of many MiB had come when something broke off is chance; whole MiB are what was asked for.
fn without_odd_counts(text: &str) -> String {
    let many = Regex::new(
        r#"(?:(only|after)\s+|(◀─)  "[^"\n]*"…   )(\d{1,3}(?:,\d{3}){2,})\s+(of|bytes)\b"#,
    )
    .expect("the pattern is valid");
    let replaced = many.replace_all(text, |found: &regex::Captures<'_>| {
        let number: String = found[3].chars().filter(char::is_ascii_digit).collect();
        match number.parse::<u64>() {
            Ok(number) if number % (1 << 20) != 0 => {
                let before = found
                    .get(1)
                    .or(found.get(2))
                    .map_or("", |word| word.as_str());
                format!("{before} .. {}", &found[4])
            }
            _ => found[0].to_owned(),
        }
    });
    replaced.into_owned()
}

/// What the program printed, on standard output and on standard error, and how it ended, after what its
/// peers did: which of these is seen first is chance. A client prints while its server looks on; and where a check starts one client after
/// another, each has its own part.
fn program_last(text: &str, role: Role) -> String {
    let is_client = role == Role::Client;
    let of_chance = if is_client {
        "(prints:?|exited|was killed)"
    } else {
        "(prints|exited|was killed)"
    };
    let event = |what: &str| {
        let pattern = format!(r"^ +\.\. ms   program  +{what} ");
        Regex::new(&pattern).expect("the pattern is valid")
    };
    let (of_chance, start) = (event(of_chance), event("starts:"));
    let (on_error, ended) = (
        event("prints on standard error:"),
        event("(exited|was killed)"),
    );
    let of_time = Regex::new(r"^ +\.\. ms   ").expect("the pattern is valid");
    let mut lines: Vec<&str> = text.lines().collect();
    let is_next = |a: &&str, b: &&str| of_time.is_match(a) && of_time.is_match(b);
    for events in lines.chunk_by_mut(|a, b| is_next(a, b) && !(is_client && start.is_match(b))) {
        events.sort_by_key(|line| {
            let is_of_chance = of_chance.is_match(line);
            (is_of_chance, ended.is_match(line), on_error.is_match(line))
        });
    }
    lines.join("\n")
}
