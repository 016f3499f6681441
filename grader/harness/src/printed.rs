//! All that a program has printed, once it has ended: for programs that say one thing and leave.

use crate::clock;
use crate::failure::{Actual, DecidedBy, Expected, Verdict};
use crate::output::Stream;
use crate::payload::{Difference, Payload, count};
use crate::program::{Program, in_words};
use crate::stage::Source as _;

impl Program {
    /// Waits until the program has ended by itself, and expects that what it has printed on standard
    /// output is `right`; with a newline at its end or without. `what` describes it to the student.
    /// How it ended is for [`expect_exit`](Self::expect_exit); `status` is only for the report of a
    /// program that does not end. The limit is that for a start, since nothing else may be seen of it.
    pub fn expect_printed(
        &mut self,
        what: &str,
        status: i32,
        right: impl FnOnce(&str) -> bool,
    ) -> Verdict<String> {
        let bytes = self.printed_until_its_end(status)?;
        let text = String::from_utf8_lossy(&bytes);
        let printed = text.trim_end_matches(['\r', '\n']);
        if right(printed) {
            return Ok(printed.to_owned());
        }
        let Some(status) = self.process.exit().filter(|_| bytes.is_empty()) else {
            return Err(self.printed_otherwise(Stream::Output, what, &text));
        };
        let expected = Expected::Print {
            stream: Stream::Output,
            what: what.to_owned(),
        };
        let how = format!("it {} and printed nothing there", in_words(status));
        Err(self
            .stage
            .fail(None, expected, Actual::Other { what: how }, DecidedBy::Exit))
    }

    /// The same of bytes, of any value: all of them, and nothing else but perhaps a newline behind them.
    pub fn expect_printed_bytes(&mut self, bytes: &[u8], status: i32) -> Verdict {
        let mut printed = self.printed_until_its_end(status)?;
        if !bytes.ends_with(b"\n") && printed.ends_with(b"\n") {
            printed.pop();
        }
        if printed == bytes {
            return Ok(());
        }
        let expected = Expected::Print {
            stream: Stream::Output,
            what: Payload::new(bytes).quoted(),
        };
        let actual = match (self.process.exit(), Difference::find(bytes, &printed)) {
            (Some(status), _) if printed.is_empty() => Actual::Exited {
                how: in_words(status),
            },
            (_, Some(difference)) => Actual::Different { difference },
            (_, None) if printed.len() > bytes.len() => {
                let more = Payload::new(&printed[bytes.len()..]).quoted();
                let what = format!("it printed that and then {more}");
                Actual::Other { what }
            }
            (_, None) => Actual::Other {
                what: format!("it printed only the first {} of it", count(printed.len())),
            },
        };
        Err(self.stage.fail(None, expected, actual, DecidedBy::Exit))
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
        Err(self.stage.fail(None, expected, actual, DecidedBy::Exit))
    }

    /// Waits until the program has ended, and takes all that it has printed on standard output.
    fn printed_until_its_end(&mut self, status: i32) -> Verdict<Vec<u8>> {
        let process = &self.process;
        if let Err(ended) = self.stage.wait(clock::START, || process.exit()) {
            let expected = Expected::Exit { status };
            let received = Payload::new(b"");
            let actual = Actual::Nothing { received };
            return Err(self.stage.fail(None, expected, actual, ended.into()));
        }
        Ok(self.process.output.take())
    }
}
