//! A filter's answer to a line of its input is wrong, or missing, or there is too much.

use super::{Case, Diagnosis};
use crate::due::Due;
use crate::evidence::Waits;
use crate::failure::{Actual, Expected};
use crate::misprint::KEPT;
use crate::payload::{thousands, visible};

pub(super) fn rule(case: &Case<'_>) -> Option<Diagnosis> {
    let Expected::Translation { due } = &case.failure.expected else {
        return None;
    };
    match &case.failure.actual {
        Actual::Lines { .. } if due.is_over() => Some(prints_more(due)),
        Actual::Lines { lines } => Some(other_line(case, due, lines)),
        Actual::Exited { .. } => ended(case, due),
        _ => Some(goes_on(case, due)),
    }
}

fn other_line(case: &Case<'_>, due: &Due, lines: &[String]) -> Diagnosis {
    let expected = due.rest.first().map_or("", String::as_str);
    let printed = lines.first().map_or("", String::as_str);
    if let Some(later) = due.skips_to.filter(|_| due.right.is_empty()) {
        return skips(case, due, later);
    }
    if lines.len() < KEPT
        && !printed.starts_with(expected)
        && let Some(diagnosis) = ends_in_the_middle(case, due)
    {
        return diagnosis;
    }
    if due.error {
        return takes_nonsense(printed);
    }
    if printed.to_ascii_lowercase().starts_with("error") {
        return Diagnosis::new(
            "refuses-what-is-valid",
            "This line is valid, and your program refuses it. Which of its conditions does the line \
             not meet, and why is that condition there?",
        );
    }
    if due.rest.get(1).is_some_and(|next| next == printed) {
        let missing = or_empty(expected);
        return Diagnosis::new(
            "leaves-a-line-out",
            format!(
                "The line that was due is missing: the one after it came. Print {missing}, too."
            ),
        );
    }
    if lines.get(1).is_some_and(|next| next == expected) {
        let surplus = or_empty(printed);
        return Diagnosis::new(
            "prints-a-line-too-much",
            format!(
                "What was due came one line later: {surplus} does not belong there. Standard output \
                 is read by another program, so it holds the answers and nothing else; what is meant \
                 for people goes to standard error (eprintln!)."
            ),
        );
    }
    if expected.eq_ignore_ascii_case(printed) {
        return Diagnosis::new(
            "letter-case",
            "Only the letters' case differs. Hexadecimal digits are written in lower case here: \
             {:02x} writes a to f, {:02X} writes A to F.",
        );
    }
    if without_spaces(expected) == without_spaces(printed) {
        return Diagnosis::new(
            "white-space",
            "Only white space differs. Another program reads these lines: each space counts.",
        );
    }
    if printed.starts_with(expected) && !expected.is_empty() {
        return Diagnosis::new(
            "line-goes-on",
            "Your line begins as it should and goes on where it should end. Is there a println! where \
             print! stands? Or does it take in more than belongs there?",
        );
    }
    if expected.starts_with(printed) && !printed.is_empty() {
        return Diagnosis::new(
            "line-is-cut",
            "Your line begins as it should and ends too early: something that belongs to it is left \
             out.",
        );
    }
    Diagnosis::new(
        "other-line",
        "The first character that differs is marked above. Take that line of the input, follow by \
         hand what your program does with it, and see where the two ways part.",
    )
}

/// The output ends with a line that is wrong, long before the input does: mostly a part of a line
/// was taken for a line.
fn ends_in_the_middle(case: &Case<'_>, due: &Due) -> Option<Diagnosis> {
    let left = due.of.saturating_sub(due.number);
    if left < KEPT || case.evidence().status != Some(0) {
        return None;
    }
    let offset = thousands(due.offset);
    Some(Diagnosis::new(
        "ends-in-the-middle",
        format!(
            "After this your program prints nothing more, though {left} lines of input follow. It seems \
             that it has read only a part of its input: {offset} bytes come before this line. One read \
             brings what is there and fits into the buffer, and a pipe holds 64 KiB (man 7 pipe). Read \
             until read returns 0, or let stdin.lines() do it."
        ),
    ))
}

/// What came is the answer to a later line.
fn skips(case: &Case<'_>, due: &Due, later: usize) -> Diagnosis {
    let number = due.number;
    let start = format!(
        "Line {number} of the input has no answer: what came in its place is the answer to line \
         {later}."
    );
    let advice = match (due.error, case.evidence().error.last()) {
        (true, Some(said)) => format!(
            "Your program said \"{}\" on standard error. But that a line is not valid is the answer \
             to this line: print `error: ` and the reason on standard output, with println!.",
            short(said)
        ),
        (true, None) => {
            "That a line is not valid is an answer, too: print `error: ` and a reason, and \
                         go on with the next line."
                .into()
        }
        (false, _) => {
            "Every line is answered, in order. Which line does your program take for one \
                       that needs no answer?"
                .into()
        }
    };
    Diagnosis::new("leaves-a-line-unanswered", format!("{start} {advice}"))
}

/// The lesson asks for an error here.
fn takes_nonsense(printed: &str) -> Diagnosis {
    let lower = printed.to_ascii_lowercase();
    if lower.starts_with("error") || lower.contains("invalid") {
        return Diagnosis::new(
            "error-in-other-words",
            "Your program knows that this line is not valid and says so in another form. The line \
             must begin with exactly `error: `, in lower case, on standard output; then a reason in \
             your own words.",
        );
    }
    if printed.is_empty() {
        return Diagnosis::new(
            "no-error-printed",
            "For this line an error is due, and nothing is printed. Print a line that begins with \
             `error: ` and goes on with a reason in your own words: on standard output, since it is \
             the answer to this line.",
        );
    }
    Diagnosis::new(
        "takes-nonsense",
        "This is where the lesson asks for a line that begins with `error: ` and goes on with a reason \
         in your own words. Your program answers as if all were well: what is wrong with the line of \
         input, and where would your program have to look?",
    )
}

fn prints_more(due: &Due) -> Diagnosis {
    let lines = due.of;
    Diagnosis::new(
        "prints-more",
        format!(
            "Your program goes on printing after the answer to the last line ({lines} in all). At the \
             end of input read_line returns Ok(0) and leaves its string empty: that is the end, not a \
             blank line. Leave the loop there; `for line in stdin.lines()` does it by itself."
        ),
    )
}

/// The program has ended, and not all lines are answered. A panic speaks for itself elsewhere.
fn ended(case: &Case<'_>, due: &Due) -> Option<Diagnosis> {
    let evidence = case.evidence();
    if evidence
        .error
        .iter()
        .any(|line| line.contains("valid UTF-8"))
    {
        return Some(Diagnosis::new(
            "input-is-not-text",
            "This line holds bytes that are no UTF-8, and lines(), read_line and read_to_string take \
             nothing else. Where a line may hold any byte, read bytes: split(b'\\n') or read_until, \
             which give a Vec<u8>.",
        ));
    }
    if evidence.signal.is_some() || super::ended::has_panicked(case) {
        return None;
    }
    let status = evidence.status?;
    let number = due.number;
    if due.after_error && due.right.is_empty() {
        let before = number - 1;
        return Some(Diagnosis::new(
            "ends-at-an-error",
            format!(
                "Line {before} was not valid. Your program answered it with an error, as it should, \
                 and then it ended; but line {number} still waits to be read. One line's error is its \
                 answer and nothing more: go on with the next line, and end when the input does."
            ),
        ));
    }
    if due.error && status != 0 {
        return Some(Diagnosis::new(
            "ends-in-place-of-an-error",
            format!(
                "Line {number} is not valid, and your program ended because of it{said}. That line is \
                 no reason to end: print a line that begins with `error: ` on standard output, and go \
                 on with the next.",
                said = said(case)
            ),
        ));
    }
    if number == 1 && due.right.is_empty() {
        return Some(Diagnosis::new(
            "prints-nothing",
            format!(
                "Your program ended with status {status}{said}, and nothing came on standard output. \
                 A filter reads standard input line by line until it ends, and prints the answer to \
                 each line on standard output.",
                said = said(case)
            ),
        ));
    }
    Some(Diagnosis::new(
        "ends-before-its-input",
        format!(
            "Your program ended with status {status}{said} before all lines were answered. A filter \
             goes on until its input ends: until read_line returns Ok(0), or the loop over \
             stdin.lines() is over by itself. A single read brings what has arrived so far, not all \
             there is.",
            said = said(case)
        ),
    ))
}

/// ` and said "…"` on standard error.
fn said(case: &Case<'_>) -> String {
    let said = case.evidence().error.last();
    said.map_or(String::new(), |said| {
        format!(" and said \"{}\"", short(said))
    })
}

/// The beginning of a line that may be very long.
fn short(line: &str) -> String {
    const MOST: usize = 100;
    let mut shown: String = visible(line).chars().take(MOST).collect();
    if line.chars().count() > MOST {
        shown.push('…');
    }
    shown
}

/// Standard input has ended; the program has not, and its output neither.
fn goes_on(case: &Case<'_>, due: &Due) -> Diagnosis {
    if case.thread(Waits::Not).is_some() {
        return Diagnosis::new(
            "busy-at-the-end-of-input",
            "The input has ended and your program works on and on. At the end of input read_line \
             returns Ok(0) at once, each time it is called, and read returns 0: leave the loop there.",
        );
    }
    let doing = match case.evidence().threads.first() {
        Some(thread) => format!(" Its {} {}.", thread.who, thread.doing()),
        None => String::new(),
    };
    if due.is_over() {
        return Diagnosis::new(
            "does-not-end",
            format!(
                "The input has ended and all of it is answered, but your program goes on.{doing} What \
                 does it wait for, and who should bring it? (A channel's receiver, for one, waits \
                 until the last sender is dropped.)"
            ),
        );
    }
    Diagnosis::new(
        "does-not-end",
        format!(
            "The input has ended, and your program has neither answered all of it nor ended.{doing} A \
             filter reads standard input, writes standard output, and leaves when the input has ended."
        ),
    )
}

fn or_empty(line: &str) -> String {
    if line.is_empty() {
        "the empty line".into()
    } else {
        format!("\"{line}\"")
    }
}

fn without_spaces(line: &str) -> String {
    line.split_whitespace().collect()
}
