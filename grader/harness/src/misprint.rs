//! The first line of a filter's output that is not what it should be.

use crate::due::Due;
use crate::filter::{Line, Translation};
use crate::payload::visible_bytes;

/// What was due and what was printed in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misprint {
    pub(crate) due: Due,
    /// What was printed from there on; none where the output ended there.
    pub(crate) printed: Option<Vec<String>>,
}

/// How many of the lines that were printed are kept, the wrong one first.
pub(crate) const KEPT: usize = 4;

/// What stands for a line in the program's own words.
const ERROR: &str = "error: (and a reason)";

impl Misprint {
    /// Where `output` is not what `translations` ask for; none where it is all there and nothing
    /// more. `ended` says whether that is all that will come.
    pub(crate) fn find(translations: &[Translation], output: &[u8], ended: bool) -> Option<Self> {
        let printed: Vec<&[u8]> = output
            .split_inclusive(|&b| b == b'\n')
            .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
            .collect();
        let whole = output.is_empty() || output.ends_with(b"\n");
        let mut at = 0;
        for (index, translation) in translations.iter().enumerate() {
            for (row, line) in translation.answer.iter().enumerate() {
                let rest = &printed[at..];
                let last = rest.len() == 1 && !whole;
                match rest.first() {
                    Some(first) if line.admits(first) && (ended || !last) => at += 1,
                    first => {
                        let broken_off = last && first.is_some_and(|p| begins(line, p));
                        let printed = (first.is_some() && !broken_off).then(|| shown(rest));
                        let mut due = due(translations, index, row);
                        due.skips_to = skips_to(translations, index, rest);
                        return Some(Self { due, printed });
                    }
                }
            }
        }
        let rest = &printed[at..];
        if rest.is_empty() && ended {
            return None;
        }
        let printed = (!rest.is_empty()).then(|| shown(rest));
        let due = due(translations, translations.len(), 0);
        Some(Self { due, printed })
    }
}

/// The number of a later input line whose answer is what was printed, with those after it; perhaps
/// errors are left out altogether.
fn skips_to(translations: &[Translation], index: usize, printed: &[&[u8]]) -> Option<usize> {
    let answers = |start: usize, errors: bool| {
        let later = translations[start..].iter();
        let with = move |one: &&Translation| errors || !one.answer.contains(&Line::Error);
        later.filter(with).flat_map(|one| &one.answer)
    };
    let is_answered = |&start: &usize| {
        let fits = |errors| {
            let mut lines = answers(start, errors).zip(printed).take(KEPT);
            lines.all(|(line, printed)| line.admits(printed))
        };
        !translations[start].answer.contains(&Line::Error) && (fits(true) || fits(false))
    };
    let later = index + 1..translations.len();
    let found = later
        .into_iter()
        .find(is_answered)
        .filter(|_| !printed.is_empty());
    found.map(|index| index + 1)
}

/// Whether `printed` could still become such a line.
fn begins(line: &Line, printed: &[u8]) -> bool {
    match line {
        Line::Exactly(line) => line.starts_with(printed),
        Line::Error => b"error: ".starts_with(printed) || printed.starts_with(b"error: "),
    }
}

fn shown(lines: &[&[u8]]) -> Vec<String> {
    let first = lines.iter().take(KEPT);
    first.map(|line| visible_bytes(line)).collect()
}

fn due(translations: &[Translation], index: usize, row: usize) -> Due {
    let translation = translations.get(index);
    let answer = translation.map_or(&[][..], |one| &one.answer);
    let text = |line: &Line| match line {
        Line::Exactly(line) => visible_bytes(line),
        Line::Error => ERROR.to_owned(),
    };
    let before = index.checked_sub(1).and_then(|i| translations.get(i));
    Due {
        number: index + 1,
        of: translations.len(),
        input: translation.map_or(String::new(), |one| visible_bytes(&one.input)),
        offset: translations[..index]
            .iter()
            .map(|one| one.input.len() + 1)
            .sum(),
        right: answer[..row].iter().map(text).collect(),
        rest: answer[row..].iter().map(text).collect(),
        error: answer.get(row) == Some(&Line::Error),
        skips_to: None,
        after_error: before.is_some_and(|one| one.answer.contains(&Line::Error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translations() -> Vec<Translation> {
        vec![
            Translation::new("a", "one"),
            Translation::error("b"),
            Translation::new("c", "three"),
        ]
    }

    fn find(output: &str) -> Option<Misprint> {
        Misprint::find(&translations(), output.as_bytes(), true)
    }

    #[test]
    fn the_right_answers_are_no_misprint() {
        assert_eq!(find("one\nerror: no\nthree\n"), None);
        // A last line without its newline is a line.
        assert_eq!(find("one\nerror: no\nthree"), None);
    }

    #[test]
    fn the_first_wrong_line_is_found_with_what_follows_it() {
        let misprint = find("one\ntwo\nthree\n").expect("two is no error");
        assert_eq!((misprint.due.number, misprint.due.of), (2, 3));
        assert!(misprint.due.error);
        assert_eq!(misprint.printed, Some(vec!["two".into(), "three".into()]));
    }

    #[test]
    fn output_that_ends_too_early_is_told_from_a_wrong_line() {
        let after = |output| find(output).map(|misprint| (misprint.due.number, misprint.printed));
        assert_eq!(after(""), Some((1, None)));
        assert_eq!(after("one\nerror: no\n"), Some((3, None)));
        assert_eq!(after("one\nerr"), Some((2, None)));
        assert_eq!(after("one\nerror: no\nthr"), Some((3, None)));
        assert_eq!(after("onc"), Some((1, Some(vec!["onc".into()]))));
        assert!(find("one\nerror: no\n").is_some_and(|misprint| misprint.due.after_error));
    }

    #[test]
    fn the_answer_to_a_later_line_is_known() {
        let skips_to = |output| find(output).and_then(|misprint| misprint.due.skips_to);
        assert_eq!(skips_to("one\nthree\n"), Some(3));
        assert_eq!(skips_to("one\ntwo\n"), None);
        let input = ["one", "error", "two", "error", "three"];
        let translations = input.map(|line| match line {
            "error" => Translation::error(line),
            _ => Translation::new(line, line),
        });
        let misprint = Misprint::find(&translations, b"one\ntwo\nthree\n", true);
        assert_eq!(misprint.and_then(|misprint| misprint.due.skips_to), Some(3));
    }

    #[test]
    fn nothing_may_follow_the_last_answer() {
        let misprint = find("one\nerror: no\nthree\n\n").expect("a line too much");
        assert!(misprint.due.is_over());
        assert_eq!(misprint.printed, Some(vec![String::new()]));
    }
}
