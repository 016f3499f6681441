//! What a session by hand shows: what happened, and how everything stands now.

use harness::by_hand::Look;
use harness::evidence::Evidence;
use harness::report;
use harness::transcript::Event;

/// How wide a page is.
pub(crate) const COLUMNS: usize = 80;
/// How many threads and sockets it shows.
const ROWS: usize = 12;
/// How many events it shows at a time; of more the middle is left out.
const EVENTS: usize = 24;
/// How wide the names are, as in a report.
const NAMES: usize = 7;

/// What happened, a line an event.
pub(crate) fn events(events: &[Event]) -> Vec<String> {
    let hidden = events.len().saturating_sub(EVENTS);
    let line = |event| report::line(event, NAMES, COLUMNS);
    let mut lines: Vec<String> = events.iter().map(line).collect();
    if hidden > 0 {
        let left_out = format!("     … {hidden} lines left out …");
        lines.splice(EVENTS / 2..EVENTS / 2 + hidden, [left_out]);
    }
    lines
}

/// How everything stands now, in so many columns and rows.
pub(crate) fn now(evidence: &Evidence, columns: usize, rows: usize) -> Vec<String> {
    report::now(evidence, columns, rows)
}

/// All of a look, for a page that is read from top to bottom.
pub(crate) fn whole(look: &Look) -> String {
    let mut lines = events(&look.events);
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.extend(now(&look.evidence, COLUMNS, ROWS));
    if !look.is_certain {
        lines.push("     (it may go on by itself: Enter looks again)".into());
    }
    lines.into_iter().map(|line| line + "\n").collect()
}
