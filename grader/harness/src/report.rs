//! A failure as text: what happened, in order; the program as the kernel sees it; what it means.
//!
//! Fits 80 columns and reads without colour. What a program printed is shown with its control
//! characters made visible, so that it cannot paint the reader's terminal.

use std::fmt::Write as _;

use crate::diagnosis::Diagnosis;
use crate::evidence::Evidence;
use crate::failure::{Actual, DecidedBy, Expected};
use crate::lesson::Lesson;
use crate::multitude;
use crate::outcome::{CheckOutcome, Outcome, Report};
use crate::output::Stream;
use crate::payload::{Payload, count, plural, visible};
use crate::peer::link::Fault;
use crate::transcript::{Event, What};

/// How many columns a report takes, unless it is told otherwise.
const WIDTH: usize = 80;
/// How many events it shows; of more the middle is left out.
const EVENTS: usize = 24;
/// How many threads and sockets it shows.
const ROWS: usize = 12;

/// Where a report will be read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Whether colours can be shown.
    pub colour: bool,
    /// The command that runs a check again; `{check}` and `{seed}` in it are replaced.
    pub again: String,
    /// The seed.
    pub seed: u64,
}

/// Reports of one run, one after the other: what has the same meaning as one before it is told in
/// short. A beginner whose program does not start yet needs to read that once.
#[derive(Debug, Default)]
pub struct Reports {
    told: Vec<String>,
    columns: Option<usize>,
}

impl Reports {
    /// Reports for a page that has only so many columns.
    pub fn within(columns: usize) -> Self {
        Self {
            told: Vec::new(),
            columns: Some(columns),
        }
    }

    /// The next report.
    pub fn next(&mut self, lesson: &Lesson, outcome: &CheckOutcome, reading: &Reading) -> String {
        let width = self.columns.unwrap_or(WIDTH);
        let report = text_within(width, lesson, outcome, reading);
        let Some(failed) = outcome.report() else {
            return report;
        };
        let gist = gist(&failed.diagnosis);
        if !self.told.contains(&gist) {
            self.told.push(gist);
            return report;
        }
        let mut lines = report.lines();
        let title = lines.next().unwrap_or_default();
        let again = report.lines().last().unwrap_or_default();
        let mut page = Page::new(false, width);
        page.line(title);
        page.paragraph(2, &failed.headline);
        page.paragraph(2, "For the same reason as above. In full by itself:");
        page.line(again);
        page.text
    }
}

/// A diagnosis without its numbers: `1 byte` and `14 bytes` mean the same.
fn gist(diagnosis: &Diagnosis) -> String {
    let words = diagnosis.meaning.split_whitespace();
    let words = words.filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    let words: Vec<&str> = words.map(|word| word.trim_end_matches('s')).collect();
    format!("{} {}", diagnosis.rule, words.join(" "))
}

/// The full report on one check that failed, was skipped, or met an error of the grader.
pub fn text(lesson: &Lesson, outcome: &CheckOutcome, reading: &Reading) -> String {
    text_within(WIDTH, lesson, outcome, reading)
}

fn text_within(width: usize, lesson: &Lesson, outcome: &CheckOutcome, reading: &Reading) -> String {
    let mut page = Page::new(reading.colour, width);
    match &outcome.outcome {
        Outcome::Passed => page.line(&page.good(&format!("✓ {}", outcome.name))),
        Outcome::Skipped(reason) => {
            page.line(&format!("- {}   skipped", outcome.name));
            page.paragraph(2, reason);
        }
        Outcome::GraderError(reason) => {
            page.line(&page.bad(&format!("! {}   grader error", outcome.name)));
            page.paragraph(2, reason);
            page.paragraph(2, "This is no fault of the program's, and no mark.");
        }
        Outcome::Failed(report) => failure(&mut page, lesson, outcome, report, reading),
    }
    page.text
}

fn failure(
    page: &mut Page,
    lesson: &Lesson,
    outcome: &CheckOutcome,
    report: &Report,
    reading: &Reading,
) {
    let points = plural(outcome.max_points as usize, "point");
    page.line(&format!(
        "{}   {points}",
        page.bad(&format!("✗ {}", outcome.name))
    ));
    page.paragraph(2, &report.headline);
    if let Actual::Different { difference } = &report.failure.actual {
        page.blank();
        for line in difference.lines() {
            page.line(&format!("  {line}"));
        }
    }
    if let Expected::Translation { due } = &report.failure.expected {
        let lines = due.lines(report.failure.actual.first_line());
        if !lines.is_empty() {
            page.blank();
        }
        for line in lines {
            page.line(format!("  {line}").trim_end());
        }
    }
    transcript(page, report);
    evidence(page, report);
    page.blank();
    page.heading("what this means");
    page.paragraph(5, &report.diagnosis.meaning);
    if let Some(doubt) = &report.failure.evidence.doubt {
        page.paragraph(
            5,
            &format!(
                "(Decided when time was up, since something might still have happened: {doubt}.)"
            ),
        );
    }
    let section = match report.diagnosis.section {
        Some(section) => format!(", \"{section}\""),
        None => String::new(),
    };
    page.paragraph(
        2,
        &format!("read: book, {} {}{section}", lesson.number, lesson.slug),
    );
    let again = reading
        .again
        .replace("{check}", outcome.name)
        .replace("{seed}", &reading.seed.to_string());
    page.paragraph(2, &format!("again: {again}"));
}

fn transcript(page: &mut Page, report: &Report) {
    page.blank();
    page.heading("what happened");
    // Of a crowd, the one that the failure is about: in which order the others act is chance.
    let peer = report.failure.peer.as_deref();
    let told = |event: &&Event| !event.in_crowd || Some(event.who.as_str()) == peer;
    let events: Vec<&Event> = report.transcript.iter().filter(told).collect();
    let hidden = events.len().saturating_sub(EVENTS);
    let width = events
        .iter()
        .map(|e| e.who.len())
        .max()
        .unwrap_or(0)
        .clamp(7, 12);
    for (index, event) in events.iter().enumerate() {
        if hidden > 0 && index == EVENTS / 3 {
            page.line(&format!("     … {hidden} lines left out …"));
        }
        if hidden > 0 && (EVENTS / 3..EVENTS / 3 + hidden).contains(&index) {
            continue;
        }
        page.line(&line(event, width, page.width));
    }
}

/// One event, as a line of the transcript: when, who in a column of `width`, and what, all in
/// `columns`.
pub fn line(event: &Event, width: usize, columns: usize) -> String {
    let time = format!("{:8.1} ms", event.at_ms);
    let who = visible(&event.who);
    let start = format!("  {time}   {who:width$}  ");
    let room = columns.saturating_sub(start.chars().count());
    format!("{start}{}", describe(event, room))
        .trim_end()
        .to_owned()
}

/// What happened, without when and to whom, in `room` columns.
fn describe(event: &Event, room: usize) -> String {
    let between = |text: &str, payload: &Payload, end: &str| {
        let taken = text.chars().count() + end.chars().count();
        format!("{text}{}{end}", payload.within(room.saturating_sub(taken)))
    };
    let beside = |text: String, payload: &Payload| between(&text, payload, "");
    match &event.what {
        What::Starts { command } => format!("starts: {command}"),
        What::Listens { address } => format!("listens on {address}"),
        What::Binds { address } => format!("binds a UDP socket to {address}"),
        What::Connects { local } => format!("connects from {local}"),
        What::Accepts { remote } => format!("accepts a connection from {remote}"),
        What::Sends { payload } => beside("─▶  ".into(), payload),
        What::Receives {
            payload,
            from: None,
        } => beside("◀─  ".into(), payload),
        What::Receives {
            payload,
            from: Some(from),
        } => between("◀─  ", payload, &format!("   from {from}")),
        What::EndsSending => "─▶  end: it will send no more".into(),
        What::SeesTheEnd => "◀─  end".into(),
        What::SeesReset { error } => format!("◀─  reset ({error})"),
        What::Refused => "is refused".into(),
        What::Closes => "closes".into(),
        What::Resets => "resets its connection".into(),
        // The line itself is what such a program is about; it needs the room.
        What::Prints {
            stream: Stream::Output,
            payload,
        } => beside("prints: ".into(), payload),
        What::Network { fault, payload } => beside(meets(*fault), payload),
        What::Vanishes => "closes its port before any answer".into(),
        What::Prints { stream, payload } | What::PrintsBytes { stream, payload } => {
            beside(format!("prints on {stream}: "), payload)
        }
        What::Reads { payload } => beside("gets on standard input: ".into(), payload),
        What::PrintsLines {
            stream,
            lines,
            bytes,
        } => format!(
            "prints on {stream}: {}   {}",
            plural(*lines, "line"),
            count(*bytes)
        ),
        What::ReadsLines { lines, bytes } => format!(
            "gets on standard input: {}   {}",
            plural(*lines, "line"),
            count(*bytes)
        ),
        What::InputEnds => "its standard input ends".into(),
        What::Exits { how } => how.clone(),
        What::Stalled => "nothing more can happen".into(),
        What::InCircles { busy_ms } => {
            format!("call after call ({busy_ms} ms), and nothing comes of it")
        }
        What::TimeUp { limit_ms } => format!("time is up ({limit_ms} ms)"),
        What::Note { text } => format!("({text})"),
    }
}

/// What the network does to a datagram.
fn meets(fault: Fault) -> String {
    match fault {
        Fault::Lost => "loses  ".into(),
        Fault::Doubled => "doubles  ".into(),
        Fault::Overtaken => "lets the next one overtake  ".into(),
        Fault::Late(by) => format!("delays by {} ms  ", by.as_millis()),
    }
}

/// What a program does and holds, as lines of `columns`, of so many things at the most.
pub fn now(evidence: &Evidence, columns: usize, most: usize) -> Vec<String> {
    let mut page = Page::new(false, columns);
    let rows = short(rows(evidence), evidence, None);
    page.rows(&rows, most.min(ROWS));
    page.text.lines().map(str::to_owned).collect()
}

/// Rows, or those of a multitude in short.
fn short(
    rows: Vec<(String, String)>,
    evidence: &Evidence,
    peer: Option<&str>,
) -> Vec<(String, String)> {
    let rows = together(rows);
    if rows.len() > ROWS {
        multitude::rows(evidence, peer)
    } else {
        rows
    }
}

/// What a program does and holds, as rows of two columns.
fn rows(evidence: &Evidence) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = Vec::new();
    if let Some(exit) = &evidence.exit {
        rows.push(("the program".into(), exit.clone()));
    }
    rows.extend(evidence.threads.iter().map(|t| (t.who.clone(), t.doing())));
    rows.extend(evidence.sockets.iter().map(|s| (s.what(), s.how())));
    rows
}

fn evidence(page: &mut Page, report: &Report) {
    let evidence = &report.failure.evidence;
    let mut rows = rows(evidence);
    if rows.is_empty() && report.failure.decided_by == DecidedBy::Deadline {
        rows.push((
            "this system".into(),
            "does not show what a program is doing".into(),
        ));
    }
    let rows = short(rows, evidence, report.failure.peer.as_deref());
    if !rows.is_empty() {
        page.blank();
        page.heading("your program, now");
        page.rows(&rows, ROWS);
    }
    // What a filter printed stands above, where it matters.
    let is_filter = matches!(report.failure.expected, Expected::Translation { .. });
    for (title, lines, known) in [
        (
            "its last lines on standard output",
            &evidence.output,
            is_filter,
        ),
        ("its last lines on standard error", &evidence.error, false),
    ] {
        if lines.is_empty() || known {
            continue;
        }
        page.blank();
        page.heading(title);
        for line in lines {
            let shown: String = visible(line)
                .chars()
                .take(page.width.saturating_sub(7))
                .collect();
            page.line(&format!("     │ {shown}"));
        }
    }
}

/// Rows that say the same as the one before, told once with their number.
fn together(rows: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut counted: Vec<((String, String), usize)> = Vec::new();
    for row in rows {
        match counted.last_mut() {
            Some((last, times)) if *last == row => *times += 1,
            _ => counted.push((row, 1)),
        }
    }
    let told = counted.into_iter().map(|((what, how), times)| match times {
        1 => (what, how),
        _ => (what, format!("{how} ({times} times)")),
    });
    told.collect()
}

/// Lines of text, wrapped at the page's width.
struct Page {
    text: String,
    colour: bool,
    width: usize,
}

impl Page {
    fn new(colour: bool, width: usize) -> Self {
        Self {
            text: String::new(),
            colour,
            width,
        }
    }

    fn line(&mut self, line: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn heading(&mut self, title: &str) {
        let title = self.paint("1", title);
        self.line(&format!("  {title}"));
    }

    fn paragraph(&mut self, indent: usize, text: &str) {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// `what` in a column of its own, `how` wrapped beside it.
    fn hanging(&mut self, indent: usize, width: usize, what: &str, how: &str) {
        let gap = indent + width + 3;
        for (index, line) in wrap(how, self.width.saturating_sub(gap)).iter().enumerate() {
            let what = if index == 0 { what } else { "" };
            self.line(&format!("{}{what:width$}   {line}", " ".repeat(indent)));
        }
    }

    /// The first `most` of what a program does and holds.
    fn rows(&mut self, rows: &[(String, String)], most: usize) {
        let left_out = rows.len().saturating_sub(most);
        let rows = &rows[..rows.len() - left_out];
        let widths = rows.iter().map(|(what, _)| what.chars().count());
        let width = widths.max().unwrap_or(0).min(24);
        for (what, how) in rows {
            self.hanging(5, width, what, how);
        }
        if left_out > 0 {
            self.line(&format!("     … and {left_out} more"));
        }
    }

    fn good(&self, text: &str) -> String {
        self.paint("32", text)
    }

    fn bad(&self, text: &str) -> String {
        self.paint("1;31", text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Breaks `text` at spaces into lines of at most `width` characters; a longer word stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a verylongword b", 5), ["a", "verylongword", "b"]);
    }
}
