//! The line of a filter's answer that was due when something else came, and how it is shown: below
//! its input line, with a mark where the printed line parts from it.

use serde::Serialize;

use crate::payload::thousands;

/// A line of an answer that was due, and what it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The number of the input line, from 1; one more than there are where all are answered.
    pub number: usize,
    /// How many input lines there are.
    pub of: usize,
    /// The input line; empty where all are answered.
    pub input: String,
    /// How many bytes of input come before it.
    pub offset: usize,
    /// The lines of its answer that came as they should.
    pub right: Vec<String>,
    /// The lines of its answer that were still to come: the first of them is the one that was due.
    /// Empty where all are answered and nothing more may come.
    pub rest: Vec<String>,
    /// Whether the line that was due is an error in words of the program's own.
    pub error: bool,
    /// The number of the later input line whose answer came in its place.
    pub skips_to: Option<usize>,
    /// Whether the answer to the input line before it ended with an error.
    pub after_error: bool,
}

impl Due {
    /// Whether all input lines are answered.
    pub fn is_over(&self) -> bool {
        self.rest.is_empty()
    }
}

/// How many columns an input line takes at most in each row of a report, and how many rows.
const ROW: usize = 72;
const ROWS: usize = 6;
/// How many columns are left for a line of output.
const COLUMNS: usize = 62;

impl Due {
    /// The input line, its answer as far as it is right, and what was due above what was `printed`,
    /// with a mark below the first character that differs.
    pub fn lines(&self, printed: Option<&str>) -> Vec<String> {
        let mut lines = Vec::new();
        if self.is_over() {
            if printed.is_none() {
                return lines;
            }
            lines.push("standard output, after all answers".into());
        } else {
            lines.push(format!(
                "line {} of {} on standard input",
                self.number, self.of
            ));
            lines.extend(self.input_rows());
            lines.push("its answer on standard output, line by line".into());
        }
        for line in &self.right {
            lines.push(format!("   {:9}  {}", "", window(line, 0)));
        }
        let due = self.rest.first();
        let column = match (due, printed) {
            (Some(due), Some(printed)) if self.error => parting(due_words(due), printed),
            (Some(due), Some(printed)) => parting(due, printed),
            _ => 0,
        };
        let expected = due.map_or("(nothing more)".into(), |due| named(due, column));
        lines.push(format!("   expected   {expected}"));
        let Some(printed) = printed else {
            lines.push("   printed    (the output ends here)".into());
            return lines;
        };
        lines.push(format!("   printed    {}", named(printed, column)));
        if let Some(due) = due.filter(|due| !due.is_empty() && !printed.is_empty()) {
            let start = window_start(column);
            let marks = marks(due, printed, column, self.error);
            lines.push(pointing(14 + column - start, &marks));
        }
        lines
    }

    fn input_rows(&self) -> Vec<String> {
        if self.input.is_empty() {
            return vec!["   (a blank line)".into()];
        }
        let characters: Vec<char> = self.input.chars().collect();
        let mut rows: Vec<String> = characters
            .chunks(ROW)
            .take(ROWS)
            .map(|row| format!("   {}", row.iter().collect::<String>()))
            .collect();
        if characters.len() > ROW * ROWS {
            let all = thousands(characters.len());
            rows.push(format!("   … {all} characters in all"));
        }
        rows
    }
}

/// What of a line in the program's own words is the lesson's.
fn due_words(due: &str) -> &str {
    due.strip_suffix("(and a reason)").unwrap_or(due)
}

/// At which character two lines part.
fn parting(due: &str, printed: &str) -> usize {
    let same = due.chars().zip(printed.chars());
    same.take_while(|(a, b)| a == b).count()
}

/// A line, or that it is empty.
fn named(line: &str, column: usize) -> String {
    if line.is_empty() {
        "(an empty line)".into()
    } else {
        window(line, column)
    }
}

/// Where the part of a line begins that is shown for a mark at `column`.
fn window_start(column: usize) -> usize {
    const BEFORE: usize = COLUMNS - 16;
    column.saturating_sub(BEFORE)
}

/// The part of a line around `column`.
fn window(line: &str, column: usize) -> String {
    let start = window_start(column);
    let mut shown: Vec<char> = line.chars().skip(start).take(COLUMNS).collect();
    if start > 0 && !shown.is_empty() {
        shown[0] = '…';
    }
    if line.chars().count() > start + COLUMNS {
        shown[COLUMNS - 1] = '…';
    }
    shown.into_iter().collect()
}

/// The first of `marks` that has room beside a `^` at `column`: to its right, or to its left.
fn pointing(column: usize, marks: &[String]) -> String {
    let indent = " ".repeat(column);
    for mark in marks {
        let len = mark.chars().count();
        if column + 2 + len <= 14 + COLUMNS {
            return format!("{indent}^ {mark}");
        }
        if len < column {
            return format!("{}{mark} ^", " ".repeat(column - len - 1));
        }
    }
    format!("{indent}^")
}

/// What differs at `column`, in words, the best first.
fn marks(due: &str, printed: &str, column: usize, error: bool) -> Vec<String> {
    if error {
        return vec![match printed.strip_prefix(due_words(due)) {
            None => format!("the line should begin with `{}`", due_words(due)),
            Some(_) => "no reason follows".into(),
        }];
    }
    let mut marks = Vec::new();
    let (wanted, word) = (word_at(due, column), word_at(printed, column));
    if wanted != word && !wanted.is_empty() && !word.is_empty() {
        marks.push(format!("{word} should be {wanted}"));
    }
    marks.push(
        match (due.chars().nth(column), printed.chars().nth(column)) {
            (Some(due), Some(printed)) => format!("{} should be {}", name(printed), name(due)),
            (Some(due), None) => format!("here {} is missing", name(due)),
            (None, Some(printed)) => format!("{} is too much", name(printed)),
            (None, None) => String::new(),
        },
    );
    marks
}

/// The word that `column` is in, or at whose end it is.
fn word_at(line: &str, column: usize) -> String {
    let parts = |c: &char| *c != ' ' && *c != ',';
    let before: Vec<char> = line.chars().take(column).collect();
    let start = before.iter().rev().take_while(|&c| parts(c)).count();
    line.chars()
        .skip(column - start)
        .take_while(parts)
        .collect()
}

fn name(character: char) -> String {
    match character {
        ' ' => "a space".into(),
        other => format!("'{other}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(line: &str) -> Due {
        Due {
            number: 2,
            of: 3,
            input: "127.0.0.1:80".into(),
            offset: 0,
            right: Vec::new(),
            rest: vec![line.into()],
            error: false,
            skips_to: None,
            after_error: false,
        }
    }

    fn marked(expected: &str, printed: &str) -> (String, String) {
        let lines = due(expected).lines(Some(printed));
        let (before, _) = lines[5].split_once('^').expect("a mark");
        let below = lines[4].chars().skip(before.chars().count()).collect();
        (below, lines[5].trim().to_owned())
    }

    #[test]
    fn the_mark_stands_below_the_first_character_that_differs() {
        let (below, mark) = marked("port 1f90", "port 901f");
        assert_eq!((&below[..], &mark[..]), ("901f", "^ 901f should be 1f90"));
        let (below, mark) = marked("1 bytes", "18 bytes");
        assert_eq!((&below[..], &mark[..]), ("8 bytes", "^ 18 should be 1"));
        let (below, mark) = marked("flags", "flags none");
        assert_eq!((&below[..], &mark[..]), (" none", "^ a space is too much"));
    }

    #[test]
    fn of_a_long_line_the_part_around_the_mark_is_shown() {
        let line = |last| format!("{}{last}{}", "x".repeat(200), "y".repeat(200));
        let (below, mark) = marked(&line('a'), &line('ö'));
        assert!(below.starts_with("öy") && below.ends_with("y…"));
        assert_eq!(mark, "'ö' should be 'a' ^");
        let lines = due(&line('a')).lines(Some(&line('ö')));
        assert!(lines.iter().all(|line| line.chars().count() < 78));
    }

    #[test]
    fn an_error_is_only_held_to_its_first_word() {
        let due = Due {
            error: true,
            ..due("error: (and a reason)")
        };
        let lines = due.lines(Some("error"));
        assert_eq!(lines[5].trim(), "^ the line should begin with `error: `");
    }
}
