//! How far the class is: a bar with running totals on a terminal, plain lines in a log.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::sync::PoisonError;

use gradebook::GradingResult;
use harness::payload::{plural, visible};
use indicatif::{ProgressBar, ProgressStyle};

/// Shown on standard error, so that what is printed can be kept.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    all: usize,
    totals: Mutex<Totals>,
}

/// How many of which.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) graded: usize,
    pub(crate) ungradable: usize,
    pub(crate) errors: usize,
    pub(crate) stored: usize,
}

impl Totals {
    pub(crate) fn all(self) -> usize {
        self.graded + self.ungradable + self.errors + self.stored
    }

    /// In words; what there is none of is left out.
    pub(crate) fn words(self) -> String {
        let counts = [
            (self.graded, format!("{} graded", self.graded)),
            (self.ungradable, format!("{} ungradable", self.ungradable)),
            (self.errors, plural(self.errors, "grader error")),
            (self.stored, format!("{} graded before", self.stored)),
        ];
        let some = counts.into_iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = some.map(|(_, words)| words).collect();
        words.join(", ")
    }
}

impl Progress {
    pub(crate) fn new(all: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style =
                ProgressStyle::with_template("{bar:24} {pos} of {len}   {eta} to go   {msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(all as u64).with_style(style)
        });
        Self {
            bar,
            all,
            totals: Mutex::default(),
        }
    }

    /// One more is known: `what` in few words. `stored`: it was graded before.
    pub(crate) fn done(&self, who: &str, what: &str, result: GradingResult, stored: bool) {
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            _ if stored => totals.stored += 1,
            GradingResult::Graded => totals.graded += 1,
            GradingResult::Ungradable => totals.ungradable += 1,
            GradingResult::GraderError => totals.errors += 1,
        }
        if let Some(bar) = &self.bar {
            bar.set_message(totals.words());
            bar.inc(1);
            return;
        }
        let before = if stored { " (graded before)" } else { "" };
        self.line(&format!(
            "[{}/{}] {who}: {}{before}",
            totals.all(),
            self.all,
            visible(what)
        ));
    }

    /// Something else that whoever reads a log should know.
    pub(crate) fn line(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            // Nobody reads standard error: then there is nobody to tell.
            None => drop(writeln!(std::io::stderr(), "{line}")),
        }
    }

    /// An error of the grader's is tried again: it does not count yet.
    pub(crate) fn again(&self) {
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        totals.errors -= 1;
        if let Some(bar) = &self.bar {
            bar.dec(1);
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) -> Totals {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        *self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_none_of_is_not_told() {
        let totals = Totals {
            graded: 12,
            errors: 1,
            ..Totals::default()
        };
        assert_eq!(totals.words(), "12 graded, 1 grader error");
        assert_eq!(totals.all(), 13);
    }
}
