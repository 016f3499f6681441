//! All that a program has printed: for programs that do one thing and leave.

use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Verdict};
use crate::output::Stream;
use crate::payload::{Difference, Payload, count};
use crate::program::{Program, in_words};
use crate::stage::Source as _;

impl Program {
    /// Waits for the end of standard output, and expects that it is exactly `text`, with or without a
    /// newline behind it.
    pub fn expect_to_print(&mut self, text: &[u8]) -> Verdict {
        let pipe = &self.process.output;
        let waited = self
            .stage
            .wait(clock::STEP, || pipe.has_ended().then_some(()));
        let mut printed = pipe.take();
        if waited.is_ok() && !text.ends_with(b"\n") && printed.ends_with(b"\n") {
            printed.pop();
        }
        if waited.is_ok() && printed == text {
            return Ok(());
        }
        let expected = Expected::Print {
            stream: Stream::Output,
            what: Payload::new(text).quoted(),
        };
        let decided_by = waited.err().map_or(DecidedBy::Observation, DecidedBy::from);
        // Its end is mostly at hand, and belongs to the picture.
        self.stage.settle(clock::REST);
        let actual = match (self.process.exit(), Difference::find(text, &printed)) {
            (Some(status), _) if printed.is_empty() => Actual::Exited {
                how: in_words(status),
            },
            (_, Some(difference)) => Actual::Different { difference },
            (_, None) if printed.len() > text.len() => Actual::Other {
                what: format!(
                    "it printed that and then {}",
                    Payload::new(&printed[text.len()..]).quoted()
                ),
            },
            (_, None) if !printed.is_empty() => Actual::Other {
                what: format!("it printed only the first {} of it", count(printed.len())),
            },
            (_, None) => Actual::Nothing {
                received: Payload::new(b""),
            },
        };
        Err(self.stage.fail(None, expected, actual, decided_by))
    }

    /// Expects that it has printed `words` somewhere on standard error. For after its end.
    pub fn expect_error_with(&mut self, words: &str) -> Verdict {
        self.process.error.advance(&self.stage.transcript);
        let printed = self.process.error.capture.borrow().text();
        if printed.contains(words) {
            return Ok(());
        }
        let expected = Expected::Print {
            stream: Stream::Error,
            what: format!("`{words}`"),
        };
        let printed = Payload::new(printed.trim_end().as_bytes());
        let actual = match self.process.exit() {
            Some(status) if printed.len == 0 => Actual::Exited {
                how: format!("{} without a word", in_words(status)),
            },
            _ => Actual::Other {
                what: format!("it printed {}", printed.quoted()),
            },
        };
        let decided_by = DecidedBy::Observation;
        Err(self.stage.fail(None, expected, actual, decided_by))
    }
}
